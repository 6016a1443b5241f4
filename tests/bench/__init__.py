"""Measurements against naive scripts in the same run: ``make bench``."""
