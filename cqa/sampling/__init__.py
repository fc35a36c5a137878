"""Which cases are looked at, and who looks."""
