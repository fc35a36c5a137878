"""One command a file: takes plain values, joins the rooms, returns an exit code."""
