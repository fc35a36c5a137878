"""Draws and looks before one: from an export to a sample, and what it holds."""
