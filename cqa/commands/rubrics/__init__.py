"""The working group's bench."""
