"""Arrays that stay in their file until somebody needs them."""

import os
import threading
import weakref

import numpy as np

from ..engine.variable import Later

_LOCAL_HEADER = 30  # bytes before the name of a member, which end with the lengths of the name and of what follows it
_AT_ONCE = 1 << 30  # bytes that a call reads at most


class StoredArrays:
    """The arrays of an ``.npz`` file that is not compressed. The file stays open, and must stay as it is.

    Parameters
    ----------
    path : path
        The file.
    """

    def __init__(self, path):
        self._path = path
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        self._lock = threading.Lock()
        self._state = self._look()

    def open(self):
        """Return the file to be read from its beginning."""
        file = os.fdopen(os.dup(self._file), "rb")
        file.seek(0)
        return file

    def later(self):
        """Return the arrays by name, as `Later`; those that cannot be read piece by piece are left out."""
        import zipfile

        found = {}
        with self.open() as file:
            with zipfile.ZipFile(file) as archive:
                members = [member for member in archive.infolist() if member.compress_type == zipfile.ZIP_STORED]
            for member in members:
                file.seek(member.header_offset + _LOCAL_HEADER - 4)
                lengths = np.frombuffer(file.read(4), "<u2")
                file.seek(member.header_offset + _LOCAL_HEADER + int(lengths.sum()))
                if np.lib.format.read_magic(file) != (1, 0):
                    continue
                shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
                if not fortran and dtype.isnative and dtype.kind == "f":
                    found[member.filename.removesuffix(".npy")] = self._later(shape, dtype, file.tell())
        return found

    def _later(self, shape, dtype, offset):
        return Later(shape, dtype, lambda: self._read(shape, dtype, offset), again=True)

    def _look(self):
        found = os.fstat(self._file)
        return found.st_size, found.st_mtime_ns

    def _read(self, shape, dtype, offset):
        array = np.empty(shape, dtype)
        rest = memoryview(array.reshape(-1).view(np.uint8))
        while rest:
            count = self._read_at(rest[:_AT_ONCE], offset)
            if not count:
                break
            rest, offset = rest[count:], offset + count
        if rest or self._look() != self._state:
            raise OSError(f"{str(self._path)!r} has changed since the model was loaded from it; expected it to stay as it was")
        return array

    def _read_at(self, buffer, offset):
        if hasattr(os, "preadv"):  # which does not move a position that a forked process shares
            return os.preadv(self._file, [buffer], offset)
        with self._lock:
            os.lseek(self._file, offset, os.SEEK_SET)
            part = os.read(self._file, len(buffer))
        buffer[: len(part)] = part
        return len(part)
