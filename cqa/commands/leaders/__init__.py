"""What leaders change in a drawn sample, each with a reason."""
