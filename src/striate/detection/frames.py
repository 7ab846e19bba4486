"""Frames of videos: folders of images, animated images, and video files."""

import os

import numpy as np

from .._common.checks import check_path, choice
from .._common.extras import needing
from ..image import read, to_grayscale
from ..image.files import opened

#: Endings of the files in a folder that count as frames.
_IMAGES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

#: Endings of videos that imageio reads.
_VIDEOS = (".avi", ".mkv", ".mov", ".mp4", ".webm")


def read_frames(path, mode="rgb"):
    """Yield the frames of a video, one after the other.

    Parameters
    ----------
    path : path
        A folder of images, which are frames in the order of their names; an image file, also one with several frames, such as a
        GIF; or a video (AVI, MKV, MOV, MP4 or WebM), for which imageio is needed.
    mode : {"rgb", "gray"}
        What frames become.

    Yields
    ------
    ndarray of uint8, shape (height, width, 3) or (height, width)

    Raises
    ------
    ValueError
        If there are no frames, or a file is damaged.
    OSError
        If a file cannot be read.
    ImportError
        If Pillow or, for videos, imageio is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from striate import detection, image
    >>> with TemporaryDirectory() as folder:
    ...     for i in range(3):
    ...         image.write(f"{folder}/{i}.png", np.full((4, 5), 50 * i, np.uint8))
    ...     print([frame.max() for frame in detection.read_frames(folder, "gray")])
    [np.uint8(0), np.uint8(50), np.uint8(100)]
    """
    path = check_path("path", path)
    mode = choice("mode", mode, ("rgb", "gray"))
    return _frames(path, mode)


def _frames(path, mode):
    if os.path.isdir(path):
        names = [name for name in sorted(os.listdir(path)) if name.lower().endswith(_IMAGES)]
        if not names:
            raise ValueError(f"path={path!r} is a folder without images; expected some")
        for name in names:
            yield _bytes(read(os.path.join(path, name), mode), os.path.join(path, name))
    elif path.lower().endswith(_VIDEOS):
        for frame in _frames_of_video(path):
            yield to_grayscale(frame[..., :3]) if mode == "gray" else np.ascontiguousarray(frame[..., :3])
    else:
        with opened(path) as picture:
            for index in range(getattr(picture, "n_frames", 1)):
                picture.seek(index)
                yield np.array(picture.convert("L" if mode == "gray" else "RGB"))


def _frames_of_video(path):
    """Yield what imageio reads; what it raises for a damaged file names the path."""
    try:
        yield from _imageio().imiter(path)
    except (OSError, RuntimeError, SyntaxError) as error:
        if getattr(error, "errno", None) is not None:
            raise
        what = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise ValueError(f"path={path!r} cannot be read as a video ({what[0]}); expected an undamaged file") from error


def _bytes(frame, path):
    """Return a frame if it is of uint8."""
    if frame.dtype != np.uint8:
        raise ValueError(f"path={path!r} has grey values of more than 8 bits; expected an image of 8 bits")
    return frame


def _imageio():
    with needing("videos need imageio", "video"):
        import imageio.v3
    return imageio.v3
