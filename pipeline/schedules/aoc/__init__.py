"""CMS's add-on code edits of the National Correct Coding Initiative (NCCI)."""
