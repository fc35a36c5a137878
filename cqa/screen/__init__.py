"""Every effect on the terminal."""
