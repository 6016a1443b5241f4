"""The Clinical Laboratory Fee Schedule (CLFS): what Medicare pays for laboratory tests."""
