"""Images in files, read and written by Pillow, an extra."""

import io
import os
from pathlib import Path

import numpy as np

from .._checks import boolean, check_path, check_seed, choice, integers, number, pair, sequence, shown, text, verbosity
from .._errors import explained
from .._files import check_folder, open_regular, reading, write_atomically
from ..data.loader import DataLoader

_ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos", "box", "hamming")
#: Formats that are read, by Pillow's names: others run programs or are not made for pixels.
_FORMATS = ("BMP", "GIF", "ICO", "JPEG", "JPEG2000", "PCX", "PNG", "PPM", "TGA", "TIFF", "WEBP")
#: Those whose grey values, in Pillow's mode of 32 bits, are of 16.
_DEEP_FORMATS = ("PNG", "PPM", "JPEG2000")
_DEEPEST = 65535
_MODES = {"grayscale": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}


def _pillow():
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(
            "images in files need Pillow; expected it to be installed, as by pip install striate[images]"
        ) from error
    return Image


@explained
def load_img(path, color_mode="rgb", target_size=None, interpolation="nearest", keep_aspect_ratio=False):
    """Return an image in a file as Pillow's.

    Parameters
    ----------
    path : path
        The file.
    color_mode : {"rgb", "grayscale", "rgba"}
        Its colours. Grey images of 16 bits keep them with "grayscale": values are 0 to 65535; other modes take the upper 8.
        Those of 32 bits keep their values, too, or have them cut off at 0 and 255; those of floating point keep them and are
        refused otherwise.
    target_size : pair of int, optional
        Height and width that it is resized to.
    interpolation : {"nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"}
        How new pixels are made.
    keep_aspect_ratio : bool
        Whether the middle of the image is resized, as much as has the ratio of `target_size`, so that nothing is distorted.

    Raises
    ------
    ValueError
        If the file is damaged, does not fit `color_mode`, or is none of the formats BMP, GIF, ICO, JPEG, JPEG 2000, PCX, PNG,
        PPM, TGA, TIFF and WebP.
    """
    image_module = _pillow()
    choice("color_mode", color_mode, tuple(_MODES))
    choice("interpolation", interpolation, _INTERPOLATIONS)
    image_module.init()
    formats = [each for each in _FORMATS if each in image_module.OPEN]  # some are missing from some builds of Pillow
    with reading(path, "an image"), open_regular(path) as file, image_module.open(file, formats=formats) as image:
        image = _in_colours(image, color_mode)
    if target_size is None:
        return image
    height, width = pair("target_size", target_size)
    return _resized(image, height, width, interpolation, _middle(image, height, width) if keep_aspect_ratio else None)


def _in_colours(image, color_mode):
    """Return an image in a mode of colours: grey of more than 8 bits as it is if grey is wanted, otherwise its upper 8."""
    if image.mode == "F":
        if color_mode == "grayscale":
            return image.copy()
        raise ValueError(f"its values are floating-point numbers; expected integers for color_mode={color_mode!r}")
    if not image.mode.startswith("I"):
        return image.convert(_MODES[color_mode][0])
    deep = image.mode.startswith("I;16") or image.format in _DEEP_FORMATS
    image = image.convert("I")  # of 32 bits, which can be resized
    if color_mode == "grayscale":
        return image
    return (image.point(lambda value: value * (1 / 257)) if deep else image).convert(_MODES[color_mode][0])


def _resized(image, height, width, interpolation, box=None):
    resized = image.resize((width, height), getattr(_pillow().Resampling, interpolation.upper()), box)
    if image.mode != "I":
        return resized
    darkest, brightest = image.getextrema()
    if not 0 <= darkest <= brightest <= _DEEPEST:
        return resized
    return _pillow().fromarray(np.clip(np.asarray(resized), 0, _DEEPEST))  # as Pillow does with 8 bits, and not with 16


def _middle(image, height, width):
    """Return left, top, right and bottom of the largest part in the middle of an image that has a ratio of height to width."""
    columns, rows = image.size
    wanted_rows, wanted_columns = max(min(rows, columns * height // width), 1), max(min(columns, rows * width // height), 1)
    top, left = (rows - wanted_rows) // 2, (columns - wanted_columns) // 2
    return left, top, left + wanted_columns, top + wanted_rows


def _padded(image, height, width):
    """Return an image in the middle of the smallest one of zeros that has a ratio of height to width."""
    columns, rows = image.size
    wanted_columns, wanted_rows = max(columns, rows * width // height), max(rows, columns * height // width)
    whole = _pillow().new(image.mode, (wanted_columns, wanted_rows))
    whole.paste(image, ((wanted_columns - columns) // 2, (wanted_rows - rows) // 2))
    return whole


@explained
def img_to_array(img, data_format=None, dtype=None):
    """Return Pillow's image as an array of values from 0 to 255.

    Parameters
    ----------
    img : PIL.Image.Image
        The image.
    data_format : {"channels_last", "channels_first"}, optional
        Whether the array is (height, width, channels), as for None, or (channels, height, width).
    dtype : dtype, optional
        Of the array; float32 if None.
    """
    array = np.asarray(img, np.float32 if dtype is None else dtype)
    array = array[..., np.newaxis] if array.ndim == 2 else array
    return array.transpose(2, 0, 1) if _channels_first(data_format) else array


def _channels_first(data_format):
    return choice("data_format", data_format, (None, "channels_last", "channels_first")) == "channels_first"


@explained
def array_to_img(x, data_format=None, scale=True, dtype=None):
    """Return an array of 1, 3 or 4 channels as Pillow's image.

    Parameters
    ----------
    x : array_like
        The array.
    data_format : {"channels_last", "channels_first"}, optional
        Whether the array is (height, width, channels), as for None, or (channels, height, width).
    scale : bool
        Whether its values are spread to 0 … 255; otherwise they must lie there, or those of one channel in 0 … 65535, which
        makes an image of 16 bits.
    dtype : dtype, optional
        What is computed with; float32 if None.
    """
    image_module = _pillow()
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
    """Write an array to an image file: completely, or not at all.

    Parameters
    ----------
    path : path or file object
        The file.
    x, data_format, scale
        See `array_to_img`.
    file_format : str, optional
        As "png" or "jpeg"; by the ending of `path` if None.
    **settings
        What else Pillow takes for the format, as ``quality``.
    """
    image_module = _pillow()
    image = array_to_img(x, data_format, scale)
    if file_format is not None:
        image_module.init()
        known = "JPEG" if text("file_format", file_format).upper() == "JPG" else file_format.upper()
        file_format = choice("file_format", known if known in image_module.SAVE else file_format, tuple(image_module.SAVE))
    if hasattr(path, "write"):
        image.save(path, file_format, **settings)
        return
    if file_format is None:
        image_module.init()
        ending = Path(path).suffix.lower()
        file_format = image_module.EXTENSION.get(ending)
        if file_format is None:
            raise ValueError(
                f"path={str(path)!r} ends in {ending!r}; expected file_format, or the ending of a format of images"
            )
    content = io.BytesIO()
    image.save(content, file_format, **settings)
    write_atomically(check_folder(path), content.getvalue())


class _Files:
    """Images in files as samples: read when they are needed."""

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
    """Return a loader of the images in a folder, which has a folder for each class. Hidden names, with a dot, are left out.

    Parameters
    ----------
    directory : path
        The folder.
    labels : {"inferred", None} or sequence of int
        Whether classes follow from folders, or there are none (all images below the folder), or one for each file in order.
    label_mode : {"int", "categorical", "binary", None}
        Labels as class indices, one-hot vectors, 0 or 1 as float32, or none.
    class_names : sequence of str, optional
        The folders to read, in the order of their indices; all, sorted, if None.
    color_mode : {"rgb", "grayscale", "rgba"}
        Colours of the images; see `load_img`.
    batch_size : int
        Images of a batch.
    image_size : pair of int
        Height and width that images are resized to.
    shuffle : bool
        Whether each epoch has a new order.
    seed : int, optional
        Of orders and of the split.
    validation_split : float, optional
        Part of the files that is held back, between 0 and 1.
    subset : {"training", "validation", "both"}, optional
        Which part is wanted; "both" returns two loaders. Both parts need the same seed.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos", "box", "hamming"}
        How new pixels are made.
    follow_links : bool
        Whether links to folders are followed; otherwise, what is in these is no image of the set.
    crop_to_aspect_ratio : bool
        Whether to cut images so that nothing is distorted.
    pad_to_aspect_ratio : bool
        Whether to put zeros beside images so that nothing is distorted.
    data_format : {"channels_last", "channels_first"}, optional
        Whether images are (height, width, channels), as for None, or (channels, height, width).
    format : {"tf", "grain"}
        Keras' argument of that name: a `DataLoader` comes whatever it is.
    verbose : bool
        Whether to tell how many files were found.

    Returns
    -------
    DataLoader, or two of them
        Of batches (images, labels), images (batch, height, width, channels) of float32, 0 to 255, or what grey images of 16
        bits hold. It has `class_names` and `file_paths`.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If there are no images in it, or arguments do not fit together.
    """
    _pillow()
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
        raise ValueError("crop_to_aspect_ratio=True and pad_to_aspect_ratio=True exclude each other; expected one at most")
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
            _Files(files, None if given is None else given[chosen], read), batch_size, shuffle, workers=2, rng=seed
        )
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
            raise ValueError("seed is None; expected a number, so that both parts of the split are those of one order")
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
    """Return names of classes, files and class indices; None for those that are missing."""
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
