"""Casework quality assessment: draw samples, mark them against rubrics, report how consistent the marking is."""

__version__ = "0.1.0"
