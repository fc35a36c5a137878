"""What a trial of two rubric forms shows: agreement, strictness, time, use, and its verdict."""
