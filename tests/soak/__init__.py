"""The proof that a refresh never leaves anything half-done, and that damage never slips in."""
