"""Pricing of claim lines: reading them, and running the rules of a fee schedule on an engine."""
