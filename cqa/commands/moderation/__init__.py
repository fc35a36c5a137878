"""What the marks of a case should have been, and why they differed."""
