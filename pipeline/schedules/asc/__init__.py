"""Fees of ambulatory surgical centers (ASC): what Medicare pays them for procedures and beside those."""
