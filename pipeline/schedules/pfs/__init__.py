"""What is particular to the Physician Fee Schedule; the machinery around it is not."""
