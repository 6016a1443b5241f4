"""What readers see: exports, and the two steps that put a build in force."""
