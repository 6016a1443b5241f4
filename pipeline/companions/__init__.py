"""CMS's files that belong to no one schedule: ZIP codes to localities, utilization."""
