"""What comes true in a moment, in another thread."""

import time


def soon(condition, seconds=5):
    """Return whether a condition comes true within some seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)
    return condition()
