"""CMS's procedure-to-procedure edits of the National Correct Coding Initiative (NCCI)."""
