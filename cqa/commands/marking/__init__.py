"""Marks: one sitting after the other, and practice."""
