"""Images in files, under the names of older versions of Keras."""

from .._common.names import public_attributes
from ..utils import array_to_img, img_to_array, load_img, save_img
from ..utils.images import smart_resize

__all__ = [
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
    "smart_resize",
]

__getattr__, __dir__ = public_attributes(globals())
