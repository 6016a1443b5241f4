"""Payment limits of Part B drugs, most of them from average sales prices (ASP)."""
