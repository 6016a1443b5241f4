"""The Ambulance Fee Schedule (AFS): by formula from the indices of localities, or from CMS's file."""
