"""Files: written completely or not at all, and read without trusting their content."""

import contextlib
import errno
import os
import stat
import time

try:
    import fcntl
except ImportError:  # Windows does not have it.
    fcntl = None

#: Beginning and end of the names of unfinished files, which no other files have.
_UNFINISHED = ".striate-", ".tmp"

#: Seconds after which an unfinished file counts as abandoned on systems that cannot lock files.
_LEFT_BEHIND = 24 * 60 * 60


class UnknownObjectError(ValueError):
    """A file that is intact names a class or function that is not known."""


# ---------------------------------------------------------------------------------------------------------------- reading


def open_descriptor(path):
    """Return the descriptor of a file opened for reading.

    Only regular files are opened: a pipe would block until a process writes to it, and a device may have no end.
    """
    _require_regular(path, os.stat(path).st_mode)  # This comes first, since opening alone triggers some devices.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        _require_regular(path, os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def open_regular(path):
    """Open a regular file to read bytes; see `open_descriptor`."""
    return os.fdopen(open_descriptor(path), "rb")


def _require_regular(path, mode):
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise ValueError(f"path={str(path)!r} is a pipe, device or socket; expected a regular file")


def reading(path, what):
    """Turn errors of a ``with`` block that parses a file into a ValueError that names the file.

    Code that parses damaged or hostile files, or is called with values from them, may raise anything. Errors of the operating
    system pass unchanged, and so do a MemoryError and an ImportError.

    Parameters
    ----------
    path : path
        The file.
    what : str
        What the file is expected to be, such as "a model saved by striate".
    """
    return parsing(f"path={str(path)!r}", what)


#: Parts of the messages of errors, other than a MemoryError, that Python and NumPy raise if memory runs out.
_NO_MEMORY = ("can't allocate", "without exception set", "without setting an exception")


@contextlib.contextmanager
def parsing(subject, what):
    """Turn errors of a ``with`` block as `reading` does, for anything that is parsed; the message calls it `subject`."""
    try:
        yield
    except Exception as error:
        passes = isinstance(error, (ImportError, MemoryError)) or (
            # Parsers raise OSErrors without a number, and wrong positions in a file give EINVAL.
            isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)
        )
        if passes or (isinstance(error, ValueError) and str(error).startswith(subject)):
            raise
        if isinstance(error, (RuntimeError, SystemError)) and any(words in str(error) for words in _NO_MEMORY):
            raise MemoryError(f"no memory to parse {subject}") from error
        unknown = getattr(error, "explained_cause", error)
        if isinstance(unknown, UnknownObjectError):
            raise UnknownObjectError(f"{subject} cannot be loaded: {unknown}") from error
        cause = str(error) or "no further details"
        kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
        raise ValueError(f"{subject} is not {what}, or is damaged ({kind}{cause}); expected an intact one") from error


# ---------------------------------------------------------------------------------------------------------------- writing


def check_folder(path):
    """Return `path` as a Path, whose folder must exist."""
    from pathlib import Path  # slow to import

    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path={str(path)!r} cannot be written: there is no folder {str(path.parent)!r}")
    return path


def write_atomically(path, content):
    """Write bytes to a file, completely or not at all."""
    with atomic_write(path) as file:
        file.write(content)


@contextlib.contextmanager
def atomic_write(path):
    """Open a temporary file, in a ``with`` block, that replaces `path` when it is complete, with the old file's owner and mode.

    The temporary file is in the same folder. If the process is killed, it stays there until another file is written there.
    """
    from pathlib import Path  # slow to import

    path = Path(os.path.realpath(path))  # A symbolic link stays one, and the file that it points to is replaced.
    before = path.stat() if path.exists() else None
    if before is not None:
        _require_regular(path, before.st_mode)
    _remove_left_behind(path.parent)
    file, unfinished = _begin(path.parent, 0o666 if before is None else 0o600)
    try:
        with file:
            yield file
            file.flush()
            if before is not None and hasattr(os, "fchown"):
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
            os.fsync(file.fileno())
            if fcntl is not None:  # While the file is locked, no other process takes it for abandoned.
                os.replace(unfinished, path)
        if fcntl is None:  # Windows does not rename files that are open.
            os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
    _sync_folder(path.parent)


def _begin(folder, mode):
    """Return a new file in a folder, locked, and its path."""
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    while True:
        path = folder / os.urandom(8).hex().join(_UNFINISHED)
        try:
            file = open(path, "w+b", opener=lambda name, _: os.open(name, flags, mode))  # noqa: SIM115
        except OSError:
            raise
        except BaseException:  # The file may exist, if memory ran out or an interrupt came before there was a file object.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            raise
        if fcntl is None:
            return file, path
        try:
            with contextlib.suppress(OSError):  # If the file system has no locks, no other process gets one either.
                fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:  # Another process may have removed the file before it was locked.
                return file, path
        except BaseException:
            file.close()
            os.unlink(path)
            raise
        file.close()


def _remove_left_behind(folder):
    """Remove unfinished files whose processes were killed."""
    beginning, end = _UNFINISHED
    with contextlib.suppress(OSError), os.scandir(folder) as entries:  # Some folders can be written to but not read.
        for entry in entries:
            if entry.name.startswith(beginning) and entry.name.endswith(end) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):  # It may belong to another user, or another process may be writing to it.
                    _remove_unless_written(entry.path)


def _remove_unless_written(path):
    if fcntl is None:
        if time.time() - os.stat(path).st_mtime > _LEFT_BEHIND:
            os.unlink(path)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # This fails while a process is writing to the file.
        os.unlink(path)
    finally:
        os.close(descriptor)


def _sync_folder(folder):
    """Make the names of the files in a folder survive a crash of the machine."""
    if os.name == "posix":
        with contextlib.suppress(OSError):  # Not every file system supports this.
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
