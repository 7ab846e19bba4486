"""Copy OpenBLAS without the code of LAPACK, which is half of the library, and of which nothing here calls anything.

    python trim_openblas.py LIBRARY COPY

The functions stay where they are, and so does everything else: only the instructions of those that nothing here needs are
overwritten with zeros, which compress to nothing. That is done for the format of Linux (ELF of 64 bits), whose table of symbols
says how long functions are; libraries in other formats are copied as they are.
"""

import re
import struct
import sys
from pathlib import Path

#: What striate calls, and what that calls in turn: CBLAS, what sets OpenBLAS up, and what reports bad arguments.
KEPT = re.compile(r"cblas_|openblas_|goto|blas_|xerbla|lsame|lamch")

#: Exported names of LAPACK's functions and of BLAS's for Fortran: a letter for the dtype first, an underscore last.
TRIMMED = re.compile(r"(scipy_)?(LAPACKE_\w+|[sdczi][a-z0-9]\w*_)$")

_SHT_DYNSYM, _PT_LOAD, _STT_FUNC = 11, 1, 2


def _records(library, form, start, size, count):
    """Return the records of a table of an ELF file."""
    return [struct.unpack_from(form, library, start + i * size) for i in range(count)]


def functions(library):
    """Return name, offset in the file, and size in bytes of each function that an ELF file exports."""
    segments_at, sections_at = struct.unpack_from("<QQ", library, 32)
    segment_size, segment_count, section_size, section_count = struct.unpack_from("<4H", library, 54)
    segments = _records(library, "<IIQQQQ", segments_at, segment_size, segment_count)
    sections = _records(library, "<IIQQQQII", sections_at, section_size, section_count)
    loaded = [(address, size, offset) for kind, _, offset, address, _, size in segments if kind == _PT_LOAD]
    found = []
    for _, kind, _, _, offset, size, strings, _ in sections:
        if kind != _SHT_DYNSYM:
            continue
        names_at = sections[strings][4]
        for name, info, _, section, address, length in _records(library, "<IBBHQQ", offset, 24, size // 24):
            if info & 15 == _STT_FUNC and section:  # one that is defined here
                text = library[names_at + name : library.index(b"\0", names_at + name)].decode()
                start = next(at + address - first for first, whole, at in loaded if first <= address < first + whole)
                found.append((text, start, length))
    return found


def trimmed(library):
    """Return the content of a library without the instructions of functions that striate does not need."""
    if library[:6] != b"\x7fELF\x02\x01":
        return library
    copy = bytearray(library)
    for name, start, length in functions(library):
        if TRIMMED.match(name) and not KEPT.search(name):
            copy[start : start + length] = bytes(length)
    return bytes(copy)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(trimmed(Path(sys.argv[1]).read_bytes()))
