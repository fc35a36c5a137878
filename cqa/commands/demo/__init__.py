"""A workspace begun, and the whole loop in it with simulated people."""
