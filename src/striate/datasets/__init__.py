"""Image data sets: digits that come with striate, drawn vehicles and scenes, and well-known sets in modules with Keras' names.

The last are read by `load_data`: they are looked for in the folder that the environment variable ``STRIATE_DATA`` names, then
in striate's cache (``STRIATE_CACHE`` names another one), and otherwise downloaded to the cache.
"""

from . import cifar10, cifar100, digit_scenes, fashion_mnist, hall_scenes, mnist, moving_digits, street_scenes, vehicles
from .digits import load_digits

__all__ = [
    "cifar10",
    "cifar100",
    "digit_scenes",
    "fashion_mnist",
    "hall_scenes",
    "load_digits",
    "mnist",
    "moving_digits",
    "street_scenes",
    "vehicles",
]
