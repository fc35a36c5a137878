"""One JSON value on one line, as the strictest reader takes it."""

import json

from cqa.whole import made_whole


def json_line(value: object) -> str:
    """The value as JSON: ASCII, so that no console encoding can spoil it, without a line end.

    Half a character (a lone surrogate, such as a file's name that is no Unicode has) becomes U+FFFD, for many readers
    refuse the whole of a text with one. Raises ValueError for NaN and infinities, which JSON has not.
    """
    told = json.dumps(value, allow_nan=False)
    if "\\ud" not in told:
        return told
    return json.dumps(json.loads(made_whole(json.dumps(value, ensure_ascii=False))))
