"""How images go on beyond their borders, as filters take it."""

from .._common.checks import choice, number, shown
from ..functional.filtering import BORDERS, Window

#: What filters share, for their docstrings.
FILTER = """
    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images. Each channel is filtered by itself.
    border : {"reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"}
        How images go on beyond their borders: ``d c b a | a b c d | d c b a``, ``d c b | a b c d | c b a`` (the default of
        OpenCV), ``a a a | a b c d | d d d``, ``b c d | a b c d | a b c``, with `value`, with zeros, or not at all: then the
        result is smaller, as it has only the places where the whole window lies inside. The names are those of
        `scipy.ndimage`.
    value : float
        Value beyond the borders with "constant".

    Returns
    -------
    ndarray of the image's dtype
        uint8 is rounded half to even and clipped. NaN and infinity reach as far as the window.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or another argument is not what is described above.
    """


def window_of(image, size, border, value=0.0, flipped=False):
    """Return the window of a filter of a (height, width), for a batch of images; `flipped` if the kernel is.

    The centre of a window with even sides is index ``size // 2``, as in `scipy.ndimage`.
    """
    border = choice("border", border, BORDERS)
    value = number("value", value)
    if border == "valid" and (size[0] > image.shape[1] or size[1] > image.shape[2]):
        raise ValueError(
            f"border='valid' with a window of {size[0]}×{size[1]} leaves nothing of an image of {image.shape[1]}×"
            f"{image.shape[2]}; expected a window that is not larger, or another border"
        )
    if border == "constant" and image.dtype.kind in "ub" and not (0 <= value <= 255 and value.is_integer()):
        raise ValueError(f"value={shown(value)} cannot be a pixel of {image.dtype}; expected a whole number from 0 to 255")
    return Window.centred(size, border, value, flipped)
