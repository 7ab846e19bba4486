"""Data sets: digits that come with striate, drawn vehicles, faces and scenes, and well-known sets with Keras' names.

The last are read by `load_data`: they are looked for in the folder that the environment variable ``STRIATE_DATA`` names, then
in striate's cache (``STRIATE_CACHE`` names another one), and otherwise downloaded to the cache.
"""

from .._common.names import public_attributes
from . import (
    boston_housing,
    california_housing,
    cell_images,
    cifar10,
    cifar100,
    digit_scenes,
    drawn_faces,
    fashion_mnist,
    hall_scenes,
    imdb,
    lane_scenes,
    mnist,
    moving_digits,
    reuters,
    sign_scenes,
    street_scenes,
    text_lines,
    traffic_signs,
    vehicles,
)
from .digits import load_digits

__all__ = [
    "boston_housing",
    "california_housing",
    "cell_images",
    "cifar10",
    "cifar100",
    "digit_scenes",
    "drawn_faces",
    "fashion_mnist",
    "hall_scenes",
    "imdb",
    "lane_scenes",
    "load_digits",
    "mnist",
    "moving_digits",
    "reuters",
    "sign_scenes",
    "street_scenes",
    "text_lines",
    "traffic_signs",
    "vehicles",
]

__getattr__, __dir__ = public_attributes(globals())
