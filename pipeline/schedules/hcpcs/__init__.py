"""HCPCS Level II: CMS's dictionary of codes and modifiers."""
