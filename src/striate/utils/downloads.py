"""Files from the network, kept in a cache."""

import hashlib
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from .._common.cache import cache_folder
from .._common.checks import boolean, check_path, choice, shown
from .._common.download import fetch

_ARCHIVES = ("auto", "tar", "zip", None)


def get_file(
    fname=None,
    origin=None,
    untar=False,
    md5_hash=None,
    file_hash=None,
    cache_subdir="datasets",
    hash_algorithm="auto",
    extract=False,
    archive_format="auto",
    cache_dir=None,
    force_download=False,
):
    """Return the path of a file, downloaded unless it is in the cache.

    Parameters
    ----------
    fname : str, optional
        Name of the file; that at the end of `origin` if None.
    origin : str
        URL of the file.
    untar : bool
        The same as `extract`, for tar archives.
    md5_hash : str, optional
        MD5 checksum, in place of `file_hash`.
    file_hash : str, optional
        Checksum of the file, in hexadecimal digits.
    cache_subdir : str
        Folder in the cache.
    hash_algorithm : {"auto", "sha256", "md5"}
        What kind of checksum it is; "auto" tells them apart by their lengths.
    extract : bool
        Whether the file is an archive that is to be unpacked beside it.
    archive_format : {"auto", "tar", "zip", None}
        What kind of archive it may be; None unpacks nothing.
    cache_dir : path, optional
        The cache; striate's own if None (``STRIATE_CACHE`` names another one).
    force_download : bool
        Whether the file is downloaded even if it is in the cache.

    Returns
    -------
    str
        Path of the file, or of the folder that an archive was unpacked to.

    Raises
    ------
    OSError
        If it cannot be downloaded, or its checksum is wrong.
    ValueError
        If there is no URL, or the archive holds files for places outside of its folder.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from striate import utils
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "words.txt").write_text("one two")
    >>> path = utils.get_file(origin=(folder / "words.txt").as_uri(), cache_dir=folder / "cache")
    >>> Path(path).read_text()
    'one two'
    """
    if not isinstance(origin, str):
        raise ValueError(f"origin={shown(origin)} is not a URL; expected one, such as 'https://…'")
    name = urlsplit(origin).path.rpartition("/")[2] if fname is None else str(check_path("fname", fname))
    if name in ("", ".", "..") or ".." in Path(name).parts or Path(name).is_absolute():
        raise ValueError(f"fname={shown(fname)} of origin={shown(origin)} names no file; expected the name of a file")
    choice("hash_algorithm", hash_algorithm, ("auto", "sha256", "md5"))
    choice("archive_format", archive_format, _ARCHIVES)
    checksum = _checksum(md5_hash, file_hash, hash_algorithm)
    cache = cache_folder() if cache_dir is None else Path(check_path("cache_dir", cache_dir)).expanduser()
    folder = cache / check_path("cache_subdir", cache_subdir)
    path = folder / name
    if path.is_file() and (boolean("force_download", force_download) or not _is_intact(path, checksum)):
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    fetch(path.name, [origin], checksum, path.parent)
    if boolean("extract", extract) or boolean("untar", untar):
        unpacked = path.with_name(f"{path.name.partition('.')[0]}_extracted" if path.suffix else f"{path.name}_extracted")
        return str(_unpacked(path, unpacked, "tar" if untar and not extract else archive_format))
    return str(path)


def _checksum(md5_hash, file_hash, algorithm):
    """Return a checksum with the name of its kind, or None."""
    for name, value in (("md5_hash", md5_hash), ("file_hash", file_hash)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected hexadecimal digits")
    if file_hash is None:
        return None if md5_hash is None else f"md5:{md5_hash}"
    kind = ("md5" if len(file_hash) == 32 else "sha256") if algorithm == "auto" else algorithm
    return f"{kind}:{file_hash}"


def _is_intact(path, checksum):
    """Return whether a file has a checksum, which may be None."""
    if checksum is None:
        return True
    kind, _, expected = checksum.partition(":")
    with open(path, "rb") as file:
        return hashlib.file_digest(file, kind).hexdigest() == expected


def _unpacked(path, folder, kind):
    """Return the folder that an archive is unpacked to, completely or not at all; the file itself if it is no archive."""
    import tarfile
    import zipfile

    if folder.exists():
        return folder
    if kind in ("auto", "tar") and tarfile.is_tarfile(path):
        unpack = _unpack_tar
    elif kind in ("auto", "zip") and zipfile.is_zipfile(path):
        unpack = _unpack_zip
    else:
        return path
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    unpack(path, part)
    return part.rename(folder)


def _unpack_tar(path, folder):
    import tarfile

    with tarfile.open(path) as archive:
        try:
            archive.extractall(folder, filter="data")  # which refuses places outside of the folder, and devices
        except tarfile.FilterError as error:
            raise ValueError(f"{path.name} holds what cannot be unpacked ({error}); expected files within its folder") from None


def _unpack_zip(path, folder):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"{path.name} holds {name!r}; expected files within its folder")
        archive.extractall(folder)
