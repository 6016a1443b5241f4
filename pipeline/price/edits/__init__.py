"""What several lines of a patient decide together: lines that an edit denies, before any amount."""
