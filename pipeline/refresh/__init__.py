"""One refresh, from what lies in ``raw/`` to a published warehouse."""
