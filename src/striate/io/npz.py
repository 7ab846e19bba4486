"""Arrays in ``.npz`` files: each is checked by its header first, and read only when it is needed.

A ``.npz`` file is a zip archive with a member in NumPy's format for each array: a header that tells dtype, order and shape, and
the elements. The content of a file is not trusted: sizes must agree with each other before memory is allocated, and the data
must have the checksum in the archive.
"""

import math
import os
import re
import struct
import sys
import threading
import weakref
import zlib

import numpy as np

from .._files import open_descriptor, reading
from ..engine.variable import LazyArray

MOST_INFLATION = 100  # bytes that a byte of a compressed file may become; a byte of trained weights becomes two at most
SMALL = 1 << 20  # bytes that a compressed file may become, however small it is

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # of a member: its signature, and the lengths of its name and of what follows it
_ARRAY = struct.Struct("<6sBBH")  # how NumPy's format 1.0 begins: its signature, its version, and the length of the header
_HEADER = re.compile(
    rb"\{'descr': '([<>|=][biuf]\d{1,2})', 'fortran_order': (False|True), 'shape': \(((?:\d+, ?)*(?:\d+)?)\), \} *\n?"
)
_ENDING = ".npy"
_MOST_AXES = 32  # of an array, in any version of NumPy
_AT_ONCE = 1 << 30  # bytes that a call reads at most
_PIECE = 1 << 20  # bytes that are decompressed at once


class Claims:
    """The sizes that a file claims to hold, which must be possible before memory is allocated for them.

    Parameters
    ----------
    size : int
        Bytes of the file.
    """

    def __init__(self, size):
        self.size = size
        self._seen = set()
        self._bytes = {False: 0, True: 0}  # by whether they are compressed

    def add(self, name, nbytes, compressed):
        """Count the claimed size of an array once; raise an error if the file cannot hold all of them."""
        if name not in self._seen:
            self._seen.add(name)
            self._bytes[compressed] += nbytes
        if self._bytes[False] > self.size or self._bytes[True] > max(MOST_INFLATION * self.size, SMALL):
            raise ValueError(
                f"with {name!r}, its {self.size} bytes claim to hold {self._bytes[False]}, and {self._bytes[True]} compressed; "
                f"expected as many at most, and {MOST_INFLATION} times as many"
            )


class StoredArrays:
    """The arrays of an ``.npz`` file. It stays open, and must stay as it is, until `close` or as long as an array may be read.

    Parameters
    ----------
    path : path
        The file.

    Attributes
    ----------
    names : list of str
        Of the arrays.
    size : int
        Bytes of the file.

    Raises
    ------
    ValueError
        If it is no such file.
    """

    def __init__(self, path):
        self.path = path
        self._file = open_descriptor(path)
        self._closing = weakref.finalize(self, os.close, self._file)
        self._lock = threading.Lock()
        self._state = self._look()
        self.size = self._state[0]
        self._claims = Claims(self.size)
        try:
            with self.reading():
                self._members = self._list()
        except BaseException:
            self.close()
            raise
        self.names = list(self._members)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Close the file."""
        self._closing()

    def reading(self):
        """Turn errors of a ``with`` block that reads the file into a ValueError that names it."""
        return reading(self.path, "a model saved by striate")

    def __contains__(self, name):
        return name in self._members

    def __getitem__(self, name):
        """Return an array as a `LazyArray`."""
        with self.reading():
            return self._describe(self._members[name])

    def _open(self):
        """Return the file to be read from its beginning; its position is shared."""
        file = os.fdopen(os.dup(self._file), "rb")
        file.seek(0)
        return file

    def _list(self):
        """Return the members that are arrays, by their names."""
        import zipfile  # slow to import

        found = {}
        with self._open() as file, zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                name = member.filename.removesuffix(_ENDING)
                if name != member.filename:
                    if name in found:
                        raise ValueError(f"it holds {name!r} twice")
                    found[name] = member
        return found

    def _describe(self, member):
        """Return the array of a member as a `LazyArray`, once its header is found to be consistent."""
        import zipfile

        compressed = member.compress_type == zipfile.ZIP_DEFLATED
        if member.flag_bits & 1 or not (compressed or member.compress_type == zipfile.ZIP_STORED):
            raise ValueError(f"{member.filename!r} is encrypted, or compressed by an unknown method")
        if not compressed and member.compress_size != member.file_size:
            raise ValueError(f"{member.filename!r} has {member.compress_size} bytes; expected {member.file_size}")
        self._claims.add(member.filename, member.file_size, compressed)
        if compressed:
            begin = None
            with self._open() as file, zipfile.ZipFile(file) as archive, archive.open(member) as content:
                header = content.read(_ARRAY.size)
                header += content.read(_array_header_size(header) - len(header))
        else:
            begin = self._begin(member)
            header = self._read_some(begin, _ARRAY.size)
            header = self._read_some(begin, _array_header_size(header))
        dtype, fortran, shape = _parse_array_header(header)
        expected = len(header) + math.prod(shape) * dtype.itemsize
        if expected != member.file_size:
            raise ValueError(f"{member.filename!r} has {member.file_size} bytes; expected {expected} for shape {shape}")

        def make():
            array = np.empty(shape[::-1] if fortran else shape, dtype)
            content = memoryview(array.reshape(-1).view(np.uint8))
            if compressed:
                self._decompress(member, len(header), content)
            else:
                self._read(member, begin + len(header), content, zlib.crc32(header))
            return array.T if fortran else array

        return LazyArray(shape, dtype, make, repeatable=not compressed)

    def _begin(self, member):
        """Return where a member's content begins, within the file."""
        signature, *lengths = _LOCAL_HEADER.unpack(self._read_some(member.header_offset, _LOCAL_HEADER.size))
        begin = member.header_offset + _LOCAL_HEADER.size + sum(lengths)
        if signature != b"PK\3\4" or begin + member.file_size > self.size:
            raise ValueError(f"{member.filename!r} is not where the archive says")
        return begin

    def _look(self):
        found = os.fstat(self._file)
        return found.st_size, found.st_mtime_ns

    def _read_some(self, offset, size):
        """Return some bytes of a header."""
        content = bytearray(size)
        if offset < 0 or self._read_at(memoryview(content), offset) < size:
            raise ValueError("it ends within a header")
        return bytes(content)

    def _read(self, member, offset, content, checksum):
        """Fill `content`; `checksum` is that of the preceding bytes of the member."""
        rest = content
        while rest:
            count = self._read_at(rest[:_AT_ONCE], offset)
            if not count:
                break
            checksum = zlib.crc32(rest[:count], checksum)
            rest, offset = rest[count:], offset + count
        if rest or self._look() != self._state:
            raise OSError(f"{str(self.path)!r} has changed since the model was loaded from it; expected it to stay as it was")
        if checksum != member.CRC:
            raise ValueError(
                f"path={str(self.path)!r} is damaged: {member.filename!r} has the checksum {checksum:08x}; expected "
                f"{member.CRC:08x}"
            )

    def _read_at(self, buffer, offset):
        if hasattr(os, "preadv"):  # which does not move a position that a forked process shares
            return os.preadv(self._file, [buffer], offset)
        with self._lock:
            os.lseek(self._file, offset, os.SEEK_SET)
            part = os.read(self._file, len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _decompress(self, member, skipped, content):
        """Fill `content` from a compressed member after some bytes of header."""
        import zipfile

        with self.reading(), self._lock, self._open() as file, zipfile.ZipFile(file) as archive, archive.open(member) as source:
            source.read(skipped)
            for begin in range(0, len(content), _PIECE):
                piece = content[begin : begin + _PIECE]
                piece[:] = source.read(len(piece))  # fails if there is less
            if source.read(1):  # at the end of the member, its checksum is compared
                raise ValueError(f"{member.filename!r} is longer than its header says")


def _array_header_size(content):
    """Return how many bytes are before the elements of an array, by how it begins."""
    signature, *version, length = _ARRAY.unpack(content)
    if signature != b"\x93NUMPY" or version != [1, 0]:
        raise ValueError("an array begins with unknown bytes")
    return _ARRAY.size + length


def _parse_array_header(content):
    """Return dtype, whether the order is Fortran's, and shape."""
    found = _HEADER.fullmatch(content, _ARRAY.size)
    if not found:
        raise ValueError("an array of real numbers has an unknown header")
    dtype, fortran, shape = found.groups()
    shape = tuple(int(size) for size in shape.split(b",") if size.strip())
    dtype = np.dtype(dtype.decode())
    if len(shape) > _MOST_AXES or math.prod(max(size, 1) for size in shape) * dtype.itemsize > sys.maxsize:
        raise ValueError(f"an array has the shape {shape}")
    return dtype, fortran == b"True", shape
