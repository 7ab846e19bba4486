"""Arrays in ``.npz`` files: each has its header checked first, and is read only when it is needed.

An ``.npz`` file is a zip archive with a member in NumPy's format for each array: a header with dtype, order and shape, and the
elements. The content of a file is not trusted: sizes must agree with each other before memory is allocated, and the data must
match the checksum in the archive.
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

from .._common.files import open_descriptor, reading
from ..engine.variable import LazyArray

#: Largest ratio of decompressed to compressed bytes of a file; that of trained weights is 2 at most.
MOST_INFLATION = 100
#: Decompressed bytes that any file may have, however small it is.
SMALL = 1 << 20

#: Local header of a zip member: signature, and the lengths of its name and of the extra field.
_LOCAL_HEADER = struct.Struct("<4s22xHH")
#: First bytes of NumPy's format 1.0: signature, major and minor version, and the length of the header.
_ARRAY = struct.Struct("<6sBBH")
_HEADER = re.compile(
    rb"\{'descr': '([<>|=][biuf]\d{1,2})', 'fortran_order': (False|True), 'shape': \(((?:\d+, ?)*(?:\d+)?)\), \} *\n?"
)
_ENDING = ".npy"
_MOST_AXES = 32  # number of axes that an array can have in every version of NumPy
_AT_ONCE = 1 << 30  # bytes that are read by one call, which systems limit to about 2 GiB
_PIECE = 1 << 20  # bytes that are decompressed at once


class Claims:
    """The sizes of the arrays that a file claims to hold, which must be plausible before memory is allocated for them.

    Parameters
    ----------
    size : int
        Bytes of the file.
    """

    def __init__(self, size):
        self.size = size
        self._seen = set()
        self._bytes = {False: 0, True: 0}  # claimed bytes of the members that are not compressed, and of those that are

    def add(self, name, nbytes, compressed):
        """Count the claimed size of an array once; raise an error if the file cannot hold all of them."""
        if name not in self._seen:
            self._seen.add(name)
            self._bytes[compressed] += nbytes
        if self._bytes[False] > self.size or self._bytes[True] > max(MOST_INFLATION * self.size, SMALL):
            raise ValueError(
                f"up to {name!r}, its {self.size} bytes claim to hold {self._bytes[False]} stored and {self._bytes[True]} "
                f"compressed bytes; expected at most the size of the file, and {MOST_INFLATION} times that"
            )


class StoredArrays:
    """The arrays of an ``.npz`` file, which stays open, and must not change, until `close` or while an array may be read.

    Parameters
    ----------
    path : path
        The file.
    what : str
        What the file is expected to be, for errors.

    Attributes
    ----------
    names : list of str
        Names of the arrays.
    size : int
        Bytes of the file.

    Raises
    ------
    ValueError
        If it is not an ``.npz`` file.
    """

    def __init__(self, path, what="a model saved by striate"):
        self.path = path
        self.what = what
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
        return reading(self.path, self.what)

    def __contains__(self, name):
        return name in self._members

    def __getitem__(self, name):
        """Return an array as a `LazyArray`."""
        with self.reading():
            return self._describe(self._members[name])

    def _open(self):
        """Return a file object at the beginning of the file, whose position all of them share."""
        file = os.fdopen(os.dup(self._file), "rb")
        file.seek(0)
        return file

    def _list(self):
        """Return the members that are arrays, by their names."""
        import zipfile  # This module is slow to import.

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
        """Return the array of a member as a `LazyArray`, after checking that its header is consistent."""
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
        """Return the offset of a member's content in the file."""
        signature, *lengths = _LOCAL_HEADER.unpack(self._read_some(member.header_offset, _LOCAL_HEADER.size))
        begin = member.header_offset + _LOCAL_HEADER.size + sum(lengths)
        if signature != b"PK\3\4" or begin + member.file_size > self.size:
            raise ValueError(f"{member.filename!r} is not where the archive says")
        return begin

    def _look(self):
        found = os.fstat(self._file)
        return found.st_size, found.st_mtime_ns

    def _read_some(self, offset, size):
        """Return bytes of a header."""
        content = bytearray(size)
        if offset < 0 or self._read_at(memoryview(content), offset) < size:
            raise ValueError("it ends within a header")
        return bytes(content)

    def _read(self, member, offset, content, checksum):
        """Fill `content` with bytes of a member; `checksum` is that of the bytes before them."""
        rest = content
        while rest:
            count = self._read_at(rest[:_AT_ONCE], offset)
            if not count:
                break
            checksum = zlib.crc32(rest[:count], checksum)
            rest, offset = rest[count:], offset + count
        if rest or self._look() != self._state:
            raise OSError(f"{str(self.path)!r} has changed since the model was loaded from it; expected it to stay unchanged")
        if checksum != member.CRC:
            raise ValueError(
                f"path={str(self.path)!r} is damaged: {member.filename!r} has the checksum {checksum:08x}; expected "
                f"{member.CRC:08x}"
            )

    def _read_at(self, buffer, offset):
        if hasattr(os, "preadv"):  # This leaves alone the file's position, which a forked process shares.
            return os.preadv(self._file, [buffer], offset)
        with self._lock:
            os.lseek(self._file, offset, os.SEEK_SET)
            part = os.read(self._file, len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _decompress(self, member, skipped, content):
        """Fill `content` from a compressed member, after the `skipped` bytes of its header."""
        import zipfile

        with self.reading(), self._lock, self._open() as file, zipfile.ZipFile(file) as archive, archive.open(member) as source:
            source.read(skipped)
            for begin in range(0, len(content), _PIECE):
                piece = content[begin : begin + _PIECE]
                piece[:] = source.read(len(piece))  # The assignment fails if the member ends too early.
            if source.read(1):  # Reading up to the end makes `zipfile` compare the checksum.
                raise ValueError(f"{member.filename!r} is longer than its header says")


def _array_header_size(content):
    """Return how many bytes precede the elements of an array, from its first bytes."""
    signature, *version, length = _ARRAY.unpack(content)
    if signature != b"\x93NUMPY" or version != [1, 0]:
        raise ValueError("an array begins with unknown bytes")
    return _ARRAY.size + length


def _parse_array_header(content):
    """Return dtype, whether the order is Fortran's, and shape."""
    found = _HEADER.fullmatch(content, _ARRAY.size)
    if not found:
        raise ValueError("an array has an unknown header; expected one of real numbers")
    dtype, fortran, shape = found.groups()
    shape = tuple(int(size) for size in shape.split(b",") if size.strip())
    dtype = np.dtype(dtype.decode())
    if len(shape) > _MOST_AXES or math.prod(max(size, 1) for size in shape) * dtype.itemsize > sys.maxsize:
        raise ValueError(f"an array has the shape {shape}")
    return dtype, fortran == b"True", shape
