"""The cache: a folder of files that can be computed or downloaded again."""

import os
import sys


def cache_folder():
    """Return the folder that ``STRIATE_CACHE`` names, or else striate's folder in the user's cache."""
    from pathlib import Path  # slow to import

    folder = os.environ.get("STRIATE_CACHE")
    if folder:
        return Path(folder)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "striate"
