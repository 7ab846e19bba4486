"""Images in files, read and written by Pillow, which is optional."""

import warnings

import numpy as np

from .._common.checks import boolean, choice, pair
from .._common.errors import explained
from ..image.files import format_of, is_deep, opened, pillow, save
from .folders import Kind, dataset_from_directory

_ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos", "box", "hamming")
_DEEPEST = 65535  # white in a 16-bit grey image
_MODES = {"grayscale": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}  # (Pillow's mode, channels)


@explained
def load_img(path, color_mode="rgb", target_size=None, interpolation="nearest", keep_aspect_ratio=False):
    """Read an image file, and return a Pillow image, as it is stored: unlike `striate.image.read`, as in Keras, not upright.

    Parameters
    ----------
    path : path
        The file.
    color_mode : {"rgb", "grayscale", "rgba"}
        Channels of the image. With "grayscale", 16-bit grey images keep their values, 0 to 65535; other modes take the upper 8
        bits. 32-bit integer images keep their values with "grayscale", and are clipped to 0 … 255 in other modes.
        Floating-point images keep their values with "grayscale", and are refused in other modes.
    target_size : pair of int, optional
        Height and width to resize to.
    interpolation : {"nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"}
        Interpolation for resizing.
    keep_aspect_ratio : bool
        Whether the image is cropped in the middle to the aspect ratio of `target_size` first, so that it is not distorted.

    Raises
    ------
    ValueError
        If the file is damaged, does not fit `color_mode`, or has none of the formats BMP, GIF, ICO, JPEG, JPEG 2000, PCX, PNG,
        PPM, TGA, TIFF and WebP.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import utils
    >>> x = np.full((4, 6, 3), 200.0)
    >>> path = tempfile.mkdtemp() + "/image.png"
    >>> utils.save_img(path, x, scale=False)
    >>> utils.img_to_array(utils.load_img(path, target_size=(2, 3)))[0, 0]
    array([200., 200., 200.], dtype=float32)
    """
    pillow()
    choice("color_mode", color_mode, tuple(_MODES))
    choice("interpolation", interpolation, _INTERPOLATIONS)
    with opened(path) as image:
        image = _in_colours(image, color_mode)
    if target_size is None:
        return image
    height, width = pair("target_size", target_size)
    return _resized(image, height, width, interpolation, _middle(image, height, width) if keep_aspect_ratio else None)


def _in_colours(image, color_mode):
    """Return an image in a color mode: grey values of more than 8 bits stay if grey is wanted, otherwise only the upper 8."""
    if image.mode == "F":
        if color_mode == "grayscale":
            return image.copy()
        raise ValueError(f"its values are floating-point numbers; expected integers for color_mode={color_mode!r}")
    if not image.mode.startswith("I"):
        return image.convert(_MODES[color_mode][0])
    deep = is_deep(image)
    image = image.convert("I")  # Pillow can resize 32-bit images, and not all 16-bit ones.
    if color_mode == "grayscale":
        return image
    return (image.point(lambda value: value * (1 / 257)) if deep else image).convert(_MODES[color_mode][0])


def _resized(image, height, width, interpolation, box=None):
    resized = image.resize((width, height), getattr(pillow().Resampling, interpolation.upper()), box)
    if image.mode != "I":
        return resized
    darkest, brightest = image.getextrema()
    if not 0 <= darkest <= brightest <= _DEEPEST:
        return resized
    return pillow().fromarray(np.clip(np.asarray(resized), 0, _DEEPEST))  # Pillow itself clips only 8-bit images.


def _middle(image, height, width):
    """Return left, top, right and bottom of the largest part in the middle of an image with the given aspect ratio."""
    columns, rows = image.size
    wanted_rows, wanted_columns = max(min(rows, columns * height // width), 1), max(min(columns, rows * width // height), 1)
    top, left = (rows - wanted_rows) // 2, (columns - wanted_columns) // 2
    return left, top, left + wanted_columns, top + wanted_rows


def _padded(image, height, width):
    """Return an image padded with zeros on all sides to the given aspect ratio."""
    columns, rows = image.size
    wanted_columns, wanted_rows = max(columns, rows * width // height), max(rows, columns * height // width)
    whole = pillow().new(image.mode, (wanted_columns, wanted_rows))
    whole.paste(image, ((wanted_columns - columns) // 2, (wanted_rows - rows) // 2))
    return whole


@explained
def img_to_array(img, data_format=None, dtype=None):
    """Return a Pillow image as an array of its values, such as 0 to 255.

    Parameters
    ----------
    img : PIL.Image.Image
        The image.
    data_format : {"channels_last", "channels_first"}, optional
        Whether the array is (height, width, channels), the default, or (channels, height, width).
    dtype : dtype, optional
        Dtype of the array; float32 if None.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import utils
    >>> x = np.full((4, 6, 3), 200.0)
    >>> utils.img_to_array(utils.array_to_img(x, scale=False)).shape
    (4, 6, 3)
    """
    array = np.asarray(img, np.float32 if dtype is None else dtype)
    array = array[..., np.newaxis] if array.ndim == 2 else array
    return array.transpose(2, 0, 1) if _channels_first(data_format) else array


def _channels_first(data_format):
    return choice("data_format", data_format, (None, "channels_last", "channels_first")) == "channels_first"


@explained
def array_to_img(x, data_format=None, scale=True, dtype=None):
    """Return an array with 1, 3 or 4 channels as a Pillow image.

    Parameters
    ----------
    x : array_like
        The array.
    data_format : {"channels_last", "channels_first"}, optional
        Whether the array is (height, width, channels), the default, or (channels, height, width).
    scale : bool
        Whether values are scaled to 0 … 255. Otherwise they must be in that range, or, with one channel, in 0 … 65535, which
        gives a 16-bit image.
    dtype : dtype, optional
        Dtype of the computation; float32 if None.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import utils
    >>> x = np.full((4, 6, 3), 200.0)
    >>> utils.array_to_img(x, scale=False).size
    (6, 4)
    """
    image_module = pillow()
    x = np.asarray(x, np.float32 if dtype is None else dtype)
    first = _channels_first(data_format)
    if x.ndim != 3 or x.shape[0 if first else -1] not in (1, 3, 4):
        axes = "(channels, height, width)" if first else "(height, width, channels)"
        raise ValueError(f"x has shape {x.shape}; expected {axes} with 1, 3 or 4 channels")
    x = x.transpose(1, 2, 0) if first else x
    if scale:
        x = x - x.min()
        x = x * (255 / x.max()) if x.max() else x
    deep = x.shape[-1] == 1 and x.size > 0 and x.max() > 255
    array = np.clip(x, 0, 65535).astype(np.uint16) if deep else np.clip(x, 0, 255).astype(np.uint8)
    return image_module.fromarray(array[..., 0] if array.shape[-1] == 1 else array)


@explained
def save_img(path, x, data_format=None, file_format=None, scale=True, **settings):
    """Write an array to an image file, completely or not at all.

    Parameters
    ----------
    path : path or file object
        The file.
    x, data_format, scale
        See `array_to_img`.
    file_format : str, optional
        Format, such as "png" or "jpeg"; determined by the ending of `path` if None.
    **settings
        Further arguments of Pillow's `save` for the format, such as ``quality``.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import utils
    >>> x = np.full((4, 6, 3), 200.0)
    >>> path = tempfile.mkdtemp() + "/image.png"
    >>> utils.save_img(path, x, scale=False)
    >>> utils.load_img(path).size
    (6, 4)
    """
    picture = array_to_img(x, data_format, scale)
    if picture.mode == "RGBA" and format_of(path, file_format) == "JPEG":
        warnings.warn(f"x has shape {np.shape(x)}, and JPEG no alpha channel, which is left out", stacklevel=3)
        picture = picture.convert("RGB")
    save(path, picture, file_format, **settings)


@explained
def image_dataset_from_directory(
    directory,
    labels="inferred",
    label_mode="int",
    class_names=None,
    color_mode="rgb",
    batch_size=32,
    image_size=(256, 256),
    shuffle=True,
    seed=None,
    validation_split=None,
    subset=None,
    interpolation="bilinear",
    follow_links=False,
    crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False,
    data_format=None,
    format="tf",
    verbose=True,
):
    """Return a loader of the images in a folder with a subfolder for each class. Names that begin with a dot are skipped.

    Parameters
    ----------
    directory : path
        The folder.
    labels : {"inferred", None} or sequence of int
        "inferred" takes the classes from the subfolders; None gives no labels, and all images in the folder and below; a
        sequence has one label for each file, in order of their paths.
    label_mode : {"int", "categorical", "binary", None}
        Labels as class indices, one-hot vectors, 0 or 1 as float32, or none, as with ``labels=None``.
    class_names : sequence of str, optional
        Subfolders to read, in the order of the class indices; all, sorted, if None.
    color_mode : {"rgb", "grayscale", "rgba"}
        Channels of the images; see `load_img`.
    batch_size : int or None
        Images per batch; None for single images.
    image_size : pair of int
        Height and width to resize images to.
    shuffle : bool
        Whether each epoch has a new order.
    seed : int, optional
        Seed of orders and of the split.
    validation_split : float, optional
        Fraction of the files that is held back for validation, between 0 and 1.
    subset : {"training", "validation", "both"}, optional
        Part of the split to return; "both" returns two loaders. Both parts need the same seed.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos", "box", "hamming"}
        Interpolation for resizing.
    follow_links : bool
        Whether links to folders are followed; if False, they are skipped.
    crop_to_aspect_ratio : bool
        Whether images are cropped first, so that resizing does not distort them.
    pad_to_aspect_ratio : bool
        Whether images are padded with zeros first, so that resizing does not distort them.
    data_format : {"channels_last", "channels_first"}, optional
        Whether images are (height, width, channels), the default, or (channels, height, width).
    format : {"tf", "grain"}
        Accepted for compatibility with Keras, without effect: a `DataLoader` is returned.
    verbose : bool
        Whether to print how many files were found.

    Returns
    -------
    DataLoader, or two of them
        Loaders of batches (images, labels), or of images alone if there are no labels. Images are float32 (batch, height,
        width, channels), 0 to 255, or 0 to 65535 for 16-bit grey images. The loaders have the attributes `class_names` and
        `file_paths`, and the methods of `tf.data`. With ``batch_size=None``, they are data sets of single images.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If the folder has no images, or arguments contradict each other.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import utils
    >>> import pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name, value in {"dark": 20.0, "light": 230.0}.items():
    ...     (folder / name).mkdir()
    ...     utils.save_img(folder / name / "0.png", np.full((8, 8, 3), value), scale=False)
    >>> loader = utils.image_dataset_from_directory(folder, image_size=(4, 4), shuffle=False, verbose=False)
    >>> images, labels = next(iter(loader))
    >>> loader.class_names, images.shape, labels
    (['dark', 'light'], (2, 4, 4, 3), array([0, 1], dtype=int32))
    """
    pillow()
    choice("color_mode", color_mode, tuple(_MODES))
    choice("interpolation", interpolation, _INTERPOLATIONS)
    choice("format", format, ("tf", "grain"))
    _channels_first(data_format)
    size = pair("image_size", image_size)
    crop_to_aspect_ratio = boolean("crop_to_aspect_ratio", crop_to_aspect_ratio)
    pad_to_aspect_ratio = boolean("pad_to_aspect_ratio", pad_to_aspect_ratio)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("crop_to_aspect_ratio=True and pad_to_aspect_ratio=True exclude each other; expected at most one")

    def read(path):
        if not pad_to_aspect_ratio:
            return img_to_array(load_img(path, color_mode, size, interpolation, crop_to_aspect_ratio), data_format)
        return img_to_array(_resized(_padded(load_img(path, color_mode), *size), *size, interpolation), data_format)

    return dataset_from_directory(
        directory,
        Kind("images", _ENDINGS, read),
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        verbose=verbose,
    )


@explained
def smart_resize(x, size, interpolation="bilinear", data_format="channels_last", backend_module=None):
    """Return images cropped in the middle to the aspect ratio of a size, and resized to it, so that nothing is distorted.

    Parameters
    ----------
    x : array_like, shape (height, width, channels) or (batch, height, width, channels)
        One image, or a batch; with "channels_first", the channels come before the height.
    size : pair of int
        Height and width.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
        Interpolation; see `striate.ops.image.resize`.
    data_format : {"channels_last", "channels_first"}
        Where the channels are.
    backend_module : object, optional
        Accepted for compatibility with Keras, without effect.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import numpy as np
    >>> from striate.preprocessing import image
    >>> image.smart_resize(np.ones((8, 20, 3), "float32"), (4, 4)).shape
    (4, 4, 3)
    """
    from ..ops import image  # Not every program that reads images needs it.

    x = np.asarray(x)
    if x.ndim not in (3, 4):
        raise ValueError(f"x has shape {x.shape}; expected an image with 3 axes, or a batch of them with 4")
    height, width = pair("size", size)
    first = _channels_first(data_format)
    rows, columns = x.shape[-2:] if first else x.shape[-3:-1]
    crop_rows, crop_columns = min(rows, columns * height // width) or rows, min(columns, rows * width // height) or columns
    top, left = (rows - crop_rows) // 2, (columns - crop_columns) // 2
    places = (slice(top, top + crop_rows), slice(left, left + crop_columns))
    x = x[(..., *places)] if first else x[(..., *places, slice(None))]
    return np.asarray(image.resize(x, (height, width), interpolation, data_format=data_format))
