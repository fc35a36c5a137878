"""What handlers are told, what they answer, and what became of it."""
