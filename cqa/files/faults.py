"""The log of cqa's own faults: short, for its owner alone, safe when several commands fail at once."""

import os
import time
from pathlib import Path

from cqa.files.journal import REAL

LOG = "faults.log"
MOST_BYTES = 1_000_000
"""What the log may hold; what would go beyond leaves only its newest half."""
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_TRIES, _WAIT = 40, 0.05
"""So often, and so many seconds apart, the lock is tried; then the entry is written without it, in one piece."""


def log_fault(home: Path, entry: str) -> Path:
    """Adds an entry, which ends in an empty line, to the log in the user's folder, and gives the log.

    Raises OSError when it cannot be written. A planted link is never followed.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = home / LOG
    data = entry.encode("utf-8", "backslashreplace")[: MOST_BYTES // 4]
    descriptor = REAL.open(log, _FLAGS, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        if _locked(descriptor) and os.fstat(descriptor).st_size + len(data) > MOST_BYTES:
            data = _newest_half(REAL.read(descriptor)) + data
            REAL.truncate(descriptor, 0)
        while data:
            data = data[REAL.write(descriptor, data):]
    finally:
        REAL.close(descriptor)
    return log


def _locked(descriptor: int) -> bool:
    for _ in range(_TRIES):
        try:
            REAL.lock(descriptor)
        except OSError:
            time.sleep(_WAIT)
        else:
            return True
    return False


def _newest_half(data: bytes) -> bytes:
    """The newest entries that fit in half of what the log may hold; none is cut in two."""
    tail = data[-(MOST_BYTES // 2):]
    return tail[tail.find(b"\n\n") + 2:] if b"\n\n" in tail else b""
