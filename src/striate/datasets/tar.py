"""Tar archives, read as a stream: regular files only, and never more at once than is asked for.

An archive is a row of members, each a header of 512 bytes and the content, filled up to a multiple of that; a header of zeros
ends it (IEEE Std 1003.1, "pax", ustar interchange format). Headers for longer names and larger files are passed over.
"""

import re

_UNIT = 512
_PIECE = 1 << 16  # bytes that are passed over at once
_SIZE = re.compile(rb" *([0-7]+)[ \0]*")
_REGULAR = b"0", b"\0"


def members(file, most):
    """Yield name, size and a function of each regular file in an archive; what is not read of it is passed over.

    Parameters
    ----------
    file : file object
        Opened to read bytes.
    most : int
        Bytes that there may be in all.

    Yields
    ------
    name : str
        As it is in the archive.
    size : int
        Bytes of the content.
    fill : callable
        Fills a memoryview, no longer than what is left, with the next bytes of the content.

    Raises
    ------
    ValueError
        If it is not a tar archive, or too long.
    EOFError
        If it ends too early.
    """
    source = _Source(file, most)
    while (header := source.read(_UNIT)) != bytes(_UNIT):
        name, size, regular = _parse(header)
        end = source.place + size + -size % _UNIT
        if end > most:
            raise ValueError(f"{name} claims to have {size} bytes; expected {most} in the whole archive at most")
        if regular:
            yield name, size, source.fill
        source.skip(end - source.place)
    source.finish()


class _Source:
    """A file that counts how many bytes were read."""

    def __init__(self, file, most):
        self._file = file
        self._most = most
        self.place = 0

    def fill(self, content):
        """Fill a memoryview."""
        while content:
            count = self._file.readinto(content[:_PIECE])
            if not count:
                raise EOFError("it ends too early")
            self.place += count
            content = content[count:]

    def read(self, size):
        """Return the next bytes."""
        content = bytearray(size)
        self.fill(memoryview(content))
        return content

    def skip(self, size):
        """Pass over the next bytes."""
        piece = memoryview(bytearray(_PIECE))
        for begin in range(0, size, _PIECE):
            self.fill(piece[: size - begin])

    def finish(self):
        """Read on to the end, where a compressed file has its checksum."""
        while block := self._file.read(_PIECE):
            self.place += len(block)
            if self.place > self._most:
                raise ValueError(f"it has more than {self._most} bytes")


def _parse(header):
    """Return name, size and whether it is a regular file of the member that a header is of."""
    checksum, size = (_SIZE.fullmatch(header[field]) for field in (slice(148, 156), slice(124, 136)))
    if not checksum or int(checksum[1], 8) != sum(header[:148]) + 8 * ord(" ") + sum(header[156:]):
        raise ValueError("the header of a member is not that of a tar archive")
    if not size:
        raise ValueError("the size of a member is not a number")
    name = header[:100].partition(b"\0")[0]
    if header[257:263] == b"ustar\0" and (folder := header[345:500].partition(b"\0")[0]):
        name = folder + b"/" + name
    return name.decode(errors="replace"), int(size[1], 8), header[156:157] in _REGULAR
