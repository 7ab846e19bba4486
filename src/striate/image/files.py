"""Images in files, read and written by Pillow, which is optional."""

import contextlib
import io
import os

import numpy as np

from .._common.checks import check_path, choice, integer, integers, shown, text
from .._common.extras import needing
from .._common.files import check_folder, open_regular, reading, write_atomically
from .arrays import check_image, rounded
from .colors import to_grayscale

#: Formats that are read, by Pillow's names; others run programs or do not hold pixels.
_FORMATS = ("BMP", "GIF", "ICO", "JPEG", "JPEG2000", "PCX", "PNG", "PPM", "TGA", "TIFF", "WEBP")
#: Formats whose 16-bit grey images Pillow opens in a mode of 32 bits.
_DEEP_FORMATS = ("PNG", "PPM", "JPEG2000")
#: Pillow's modes with an alpha channel; others may have one transparent colour.
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_WHITE = 255


def pillow():
    """Return Pillow's module of images."""
    with needing("images in files need Pillow", "images"):
        from PIL import Image
    return Image


@contextlib.contextmanager
def opened(path):
    """Open an image file in a ``with`` block that reads its pixels; errors name the file."""
    image_module = pillow()
    image_module.init()
    with reading(path, "an image"), open_regular(path) as file, _identified(image_module, path, file) as picture:
        try:
            yield picture
        except MemoryError:
            raise MemoryError(
                f"path={str(path)!r} has {picture.height} x {picture.width} pixels, for which there is not enough memory; "
                "expected a smaller image"
            ) from None


def _identified(image_module, path, file):
    """Return one of Pillow's images, whose pixels are not read yet."""
    formats = [each for each in _FORMATS if each in image_module.OPEN]  # Not every build of Pillow has all of them.
    try:
        return image_module.open(file, formats=formats)
    except (image_module.DecompressionBombError, image_module.DecompressionBombWarning) as error:
        raise ValueError(
            f"path={str(path)!r} is too large to be trusted ({error}); expected a smaller image, or a larger "
            "PIL.Image.MAX_IMAGE_PIXELS"
        ) from error


def is_deep(picture):
    """Return whether one of Pillow's images has grey values of 16 bits."""
    return picture.mode.startswith("I;16") or (picture.mode == "I" and picture.format in _DEEP_FORMATS)


def save(path, picture, file_format=None, **settings):
    """Write one of Pillow's images to a file, completely or not at all, or to a file object."""
    into_file = not hasattr(path, "write")
    file_format = format_of(path, file_format)
    content = io.BytesIO() if into_file else path
    try:
        picture.save(content, file_format, **settings)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) is not None:
            raise
        # Pillow refuses images and settings by errors without a number.
        what = f"{file_format} of {picture.height} x {picture.width} pixels in mode {picture.mode!r}"
        what += f" with {shown(settings)}" if settings else ""
        name = shown(str(path) if into_file else path)
        raise ValueError(
            f"path={name} cannot be written as {what} ({error}); expected another format, or other settings"
        ) from error
    if into_file:
        write_atomically(path, content.getvalue())


def format_of(path, file_format=None):
    """Return the format in which an image is written to a path, whose folder must exist, or to a file object."""
    image_module = pillow()
    image_module.init()
    path = getattr(path, "name", "") if hasattr(path, "write") else check_folder(path)
    if file_format is not None:
        known = "JPEG" if text("file_format", file_format).upper() == "JPG" else file_format.upper()
        return choice("file_format", known if known in image_module.SAVE else file_format, tuple(image_module.SAVE))
    ending = os.path.splitext(str(path))[1].lower()
    if ending not in image_module.EXTENSION:
        raise ValueError(f"path={str(path)!r} ends in {ending!r}; expected the ending of an image format, or file_format")
    return image_module.EXTENSION[ending]


def read(path, mode=None, background=_WHITE):
    """Read an image file.

    Parameters
    ----------
    path : path
        The file: BMP, GIF (its first image), ICO, JPEG, JPEG 2000, PCX, PNG, PPM, TGA, TIFF or WebP.
    mode : {None, "gray", "rgb", "rgba"}
        What the image becomes; None keeps what the file has: "rgba" if anything in it is transparent, "gray" if it has no
        colours, and else "rgb". Grey is the luma of `to_grayscale`.
    background : int or three of them
        Grey or colour, from 0 to 255, that is seen through transparent pixels with the modes "gray" and "rgb".

    Returns
    -------
    ndarray of uint8, shape (height, width), (height, width, 3) or (height, width, 4)
        The image as it is to be looked at: turned and mirrored as its EXIF orientation says. Alpha, the last of four channels,
        is 255 where nothing shines through. Some images in grey have other dtypes: those with two values are of bool, unless a
        mode is given; those with 16 bits are of float32, with values up to 65535, and those with 32 bits are of float64 or, if
        they hold floats, of float32. Nothing is rescaled, and so these can only be read as "gray".

    Raises
    ------
    ValueError
        If the file is damaged, does not fit `mode`, or has none of these formats.
    MemoryError
        If there is not enough memory for it.
    ImportError
        If Pillow is not installed.

    Notes
    -----
    Colours of 16 bits are read with 8: Pillow keeps no others.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     image.write(f"{folder}/dot.png", np.array([[[255, 0, 0, 255], [0, 0, 0, 0]]], np.uint8))
    ...     print(image.read(f"{folder}/dot.png").shape)
    ...     print(image.read(f"{folder}/dot.png", "rgb").tolist())
    ...     print(image.read(f"{folder}/dot.png", "gray", background=0))
    (1, 2, 4)
    [[[255, 0, 0], [255, 255, 255]]]
    [[76  0]]
    """
    pillow()
    path = check_path("path", path)
    mode = choice("mode", mode, (None, "gray", "rgb", "rgba"))
    if isinstance(background, (tuple, list)) or np.ndim(background):
        if len(background) != 3:
            raise ValueError(f"background={background!r} has {len(background)} elements; expected an integer, or three")
        background = integers("background", background, 0, _WHITE)
    else:
        background = (integer("background", background, 0, _WHITE),) * 3
    from PIL import ImageOps

    with opened(path) as picture:
        deep = is_deep(picture)
        return _pixels(ImageOps.exif_transpose(picture), deep, mode, background)


def _pixels(picture, deep, mode, background):
    """Return the pixels of one of Pillow's images in a mode."""
    if picture.mode[0] in "IF":
        if mode not in (None, "gray"):
            raise ValueError(f"it is grey, with more than 8 bits; expected mode=None or 'gray', not {mode!r}")
        return np.array(picture, np.float32 if deep or picture.mode == "F" else np.float64)
    transparent = picture.mode in _WITH_ALPHA or "transparency" in picture.info
    if mode is None:
        if picture.mode == "1":
            return np.array(picture)
        mode = "rgba" if transparent else "gray" if picture.mode == "L" else "rgb"
    if mode == "rgba":
        return np.array(picture.convert("RGBA"))
    if transparent:
        colors = _composed(np.array(picture.convert("RGBA")), background)
    elif mode == "gray" and picture.mode in ("1", "L"):
        return np.array(picture.convert("L"))
    else:
        colors = np.array(picture.convert("RGB"))
    return to_grayscale(colors) if mode == "gray" else colors


def _composed(colors, background):
    """Return the colours of which a background is seen where they are transparent."""
    alpha = colors[..., 3:].astype(np.float64)
    return rounded((alpha * colors[..., :3] + (_WHITE - alpha) * background) / _WHITE, colors.dtype)


def write(path, image, file_format=None, **settings):
    """Write an image file, completely or not at all.

    Parameters
    ----------
    path : path or file object
        The file.
    image : array_like of uint8 or bool, shape (height, width) or (height, width, channels)
        The image, with 1, 3 or 4 channels, of which the fourth is alpha; one of bool is grey. Floats are refused, since nothing
        is rescaled silently.
    file_format : str, optional
        Format, such as "png" or "jpeg"; determined by the ending of `path` if None.
    **settings
        Further arguments of Pillow's ``save`` for the format, such as ``quality``.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or the format is not known or cannot hold it, as JPEG cannot hold alpha.
    ImportError
        If Pillow is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     image.write(f"{folder}/disc.png", np.hypot(*np.mgrid[-9:10, -9:10]) < 8)
    ...     print(image.read(f"{folder}/disc.png").sum())
    193
    """
    image_module = pillow()
    if not hasattr(path, "write"):
        check_path("path", path)
    image = check_image("image", image, ("uint8", "bool"), (2, 3), (1, 3, 4))
    image = image[..., 0] if image.ndim == 3 and image.shape[2] == 1 else image
    if image.dtype == bool and image.ndim == 3:
        raise TypeError(f"image has dtype bool and shape {image.shape}; expected an image of bool to be grey")
    save(path, image_module.fromarray(image), file_format, **settings)
