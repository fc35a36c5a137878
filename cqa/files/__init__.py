"""Every effect on the disk."""
