"""Damaged and altered bundles by the hundred: what a refresh makes of each."""
