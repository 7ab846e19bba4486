"""Downloads: files are kept in a cache and checked, and interrupted downloads are resumed."""

import os
import sys
from pathlib import Path

from .cache import cache_folder

_BLOCK = 1 << 16  # bytes that are read at once
_TIMEOUT = 30  # seconds without an answer


def fetch(name, urls, checksum, folder=None):
    """Return the path of a file, downloaded unless it is in the cache.

    Parameters
    ----------
    name : str
        Name of the file.
    urls : sequence of str
        URLs of the file, which are tried in order.
    checksum : str or None
        ``"sha256:…"`` or ``"md5:…"`` of the file; None to accept any file.
    folder : path, optional
        Folder of the file; "datasets" in striate's cache if None (``STRIATE_CACHE`` names another cache).

    Returns
    -------
    Path

    Raises
    ------
    OSError
        If no URL yields the file, or what arrives is damaged; the message tells where to put the file by hand.
    """
    folder = cache_folder() / "datasets" if folder is None else Path(folder)
    path = folder / name
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in urls:
        try:
            _download(url, path, checksum)
            return path
        except OSError as error:  # The errors of urllib are subclasses of it.
            failures.append(f"{url}: {getattr(error, 'reason', None) or error}")
    raise OSError(
        f"{name} could not be downloaded ({'; '.join(failures)}); expected a network connection, or the file at {path}"
    )


def _download(url, path, checksum):
    """Download a file, continuing a part that an earlier try left, and move it to its place once it is complete and correct."""
    import http.client  # This module is slow to import, and rarely needed.
    import urllib.request

    part = path.with_name(path.name + ".part")
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            _receive(answer, part, done, path.name)
    except http.client.HTTPException as error:  # Invalid responses, and ones that end too early, raise no OSError.
        raise OSError(f"{type(error).__name__}: {str(error).strip()}") from error
    except OSError as error:
        if not done or getattr(error, "code", None) != 416:  # With code 416, nothing is left to send; the checksum decides.
            raise
    _finish(part, path, checksum)


def _receive(answer, part, done, name):
    """Append what a server sends to a partial file of `done` bytes."""
    if answer.status != 206:
        done = 0  # The server ignored the range, and sends the whole file.
    begin = answer.headers.get("Content-Range")
    if done and begin is not None and not begin.startswith(f"bytes {done}-"):
        part.unlink()  # Without this part, the next try asks for the whole file.
        raise OSError(f"the server sent the range {begin!r}; expected one that begins at byte {done}")
    left = answer.headers.get("Content-Length")
    if left is not None and not left.isdecimal():
        raise OSError(f"the server sent the length {left!r}; expected a number")
    total = None if left is None else done + int(left)
    with open(part, "ab" if done else "wb") as file:
        while block := answer.read(_BLOCK):
            file.write(block)
            done += len(block)
            _show(name, done, total)
    if total is not None and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")


def _finish(part, path, checksum):
    """Move a file to its place, or remove it if its checksum is wrong."""
    if checksum is not None:
        import hashlib  # This module is slow to import.

        kind, _, expected = checksum.partition(":")
        digest = hashlib.new(kind, usedforsecurity=False)
        with open(part, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != expected:
            part.unlink()
            raise OSError(f"the file has the {kind} checksum {digest.hexdigest()}; expected {expected}")
    os.replace(part, path)


def _show(name, done, total):
    """Show the progress of a download, on a terminal."""
    if not sys.stderr.isatty():
        return
    share = f"{100 * done // total:3d} %" if total else ""
    sys.stderr.write(f"\r{name}  {done / 1e6:.1f} MB  {share}" + ("\n" if done == total else ""))
    sys.stderr.flush()
