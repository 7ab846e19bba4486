"""Images in files, read and written by Pillow, which is optional."""

import os
from pathlib import Path

import numpy as np

from .._common.checks import boolean, check_path, check_seed, choice, integers, number, pair, sequence, shown, verbosity
from .._common.errors import explained
from ..data.loader import DataLoader
from ..image.files import is_deep, opened, pillow, save

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
    save(path, array_to_img(x, data_format, scale), file_format, **settings)


class _Files:
    """A data set of image files, which are read when they are needed."""

    def __init__(self, paths, labels, read):
        self.paths = paths
        self.labels = labels
        self.read = read

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = self.read(self.paths[index])
        return (image,) if self.labels is None else (image, self.labels[index])


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
        Labels as class indices, one-hot vectors, 0 or 1 as float32, or none.
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
    (['dark', 'light'], (2, 4, 4, 3), array([0, 1]))
    """
    pillow()
    root = Path(check_path("directory", directory))
    if not root.is_dir():
        raise FileNotFoundError(f"directory={str(directory)!r} is not a folder; expected one with images")
    choice("label_mode", label_mode, ("int", "categorical", "binary", None))
    choice("color_mode", color_mode, tuple(_MODES))
    choice("interpolation", interpolation, _INTERPOLATIONS)
    choice("format", format, ("tf", "grain"))
    _channels_first(data_format)
    size = pair("image_size", image_size)
    crop_to_aspect_ratio = boolean("crop_to_aspect_ratio", crop_to_aspect_ratio)
    pad_to_aspect_ratio = boolean("pad_to_aspect_ratio", pad_to_aspect_ratio)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("crop_to_aspect_ratio=True and pad_to_aspect_ratio=True exclude each other; expected at most one")
    if (validation_split is None) != (subset is None):
        raise ValueError(
            f"validation_split={shown(validation_split)} and subset={shown(subset)} belong together; expected both or neither"
        )
    seed = check_seed("seed", seed)
    names, paths, indices = _find(root, labels, class_names, boolean("follow_links", follow_links))
    if verbosity(verbose):
        kinds = "" if names is None else f" of {len(names)} classes"
        print(f"Found {len(paths)} images{kinds}.")

    def read(path):
        if not pad_to_aspect_ratio:
            return img_to_array(load_img(path, color_mode, size, interpolation, crop_to_aspect_ratio), data_format)
        return img_to_array(_resized(_padded(load_img(path, color_mode), *size), *size, interpolation), data_format)

    given = None if indices is None or label_mode is None else _as_labels(indices, label_mode, names)

    def loader(chosen):
        files = [paths[i] for i in chosen]
        batches = DataLoader(
            _Files(files, None if given is None else given[chosen], read), batch_size or 32, shuffle, workers=2, rng=seed
        )
        batches._is_bare = given is None
        batches = batches.unbatch() if batch_size is None else batches
        batches.class_names = names
        batches.file_paths = [str(path) for path in files]
        return batches

    order = np.arange(len(paths))
    if validation_split is None:
        return loader(order)
    choice("subset", subset, ("training", "validation", "both"))
    number("validation_split", validation_split, 0, 1, open_minimum=True, open_maximum=True)
    if shuffle:
        if seed is None:
            raise ValueError("seed is None; expected a number, so that both parts come from the same split")
        order = np.random.default_rng(seed).permutation(len(paths))
    held_back = int(validation_split * len(paths))
    if not 0 < held_back < len(paths):
        raise ValueError(
            f"validation_split={shown(validation_split)} of {len(paths)} images leaves one part empty; expected more images"
        )
    training, validation = order[:-held_back], order[-held_back:]
    if subset == "both":
        return loader(training), loader(validation)
    return loader(training if subset == "training" else validation)


def _find(root, labels, class_names, follow_links):
    """Return the names of classes, the files and their class indices; None for names or indices that do not exist."""
    inferred = isinstance(labels, str) and choice("labels", labels, ("inferred",)) == "inferred"
    if inferred:
        folders = sorted(each.name for each in root.iterdir() if _is_class(each, follow_links))
        names = folders if class_names is None else sequence("class_names", class_names, "names of folders")
        if missing := [name for name in names if name not in folders]:
            raise ValueError(f"class_names holds {missing}; expected names of folders in {str(root)!r}: {folders}")
        found = [(path, i) for i, name in enumerate(names) for path in _images(root / name, follow_links)]
        paths, indices = [path for path, _ in found], np.array([i for _, i in found], np.int64)
    else:
        names, paths = None, _images(root, follow_links)
        indices = None if labels is None else np.array(integers("labels", labels, 0), np.int64)
        if indices is not None and len(indices) != len(paths):
            raise ValueError(f"labels has {len(indices)} elements; expected one for each of the {len(paths)} images")
    if not paths:
        raise ValueError(f"directory={str(root)!r} holds no images; expected files ending in {', '.join(_ENDINGS)}")
    return names, paths, indices


def _images(folder, follow_links):
    found = []
    for base, folders, names in os.walk(folder, followlinks=follow_links):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        found += [Path(base) / name for name in names if not _is_hidden(name)]
    return sorted(path for path in found if path.suffix.lower() in _ENDINGS)


def _is_class(path, follow_links):
    return path.is_dir() and not _is_hidden(path.name) and (follow_links or not path.is_symlink())


def _is_hidden(name):
    return name.startswith(".")


def _as_labels(indices, mode, names):
    classes = len(names) if names is not None else int(indices.max()) + 1
    if mode == "binary":
        if classes != 2:
            raise ValueError(f"label_mode='binary' is for two classes; expected two, got {classes}")
        return indices.astype(np.float32)[:, np.newaxis]
    return np.eye(classes, dtype=np.float32)[indices] if mode == "categorical" else indices
