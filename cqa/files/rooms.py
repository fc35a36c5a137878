"""The folders of a sample that hold journals, one for each thing that people write down in it."""

MARKS, CHANGES, MODERATION, FEEDBACK = "marks", "changes", "moderation", "feedback"
ROOMS = (MARKS, CHANGES, MODERATION, FEEDBACK)
LEADERS = (CHANGES, MODERATION, FEEDBACK)
"""Those that team leaders write in; the first is the reviewers'."""
FORMATS = {room: f"cqa-{room}/1" for room in LEADERS}
"""What the `opened` line of a journal of each of the leaders' rooms calls its format."""
