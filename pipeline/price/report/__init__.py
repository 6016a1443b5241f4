"""What became of a file of priced lines, in tables: for the terminal and as a page."""
