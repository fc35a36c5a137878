"""Cases taken away for marking, and what comes back."""
