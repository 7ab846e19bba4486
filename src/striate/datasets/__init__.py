"""Image data sets: digits that come with striate, and well-known sets in modules with Keras' names that have `load_data`.

The latter are looked for in the folder that the environment variable ``STRIATE_DATA`` names, then in striate's cache
(``STRIATE_CACHE`` names another one), and otherwise downloaded to the cache.
"""

from . import cifar10, cifar100, fashion_mnist, mnist
from .digits import load_digits

__all__ = ["cifar10", "cifar100", "fashion_mnist", "load_digits", "mnist"]
