"""Pricing of claim lines: the rules, as SQL that every engine runs, and the order of their steps."""
