"""CMS's Medically Unlikely Edits."""
