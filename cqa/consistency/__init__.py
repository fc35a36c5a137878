"""What the marks say together."""
