"""Trials of rubric variants: designed, marked, reported and shown."""
