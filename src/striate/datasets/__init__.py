"""Sets of images: the digits that come with striate, and well-known ones with Keras' names, whose modules have `load_data`.

Those are looked for in the folder that the environment variable ``STRIATE_DATA`` names, then in striate's cache
(``STRIATE_CACHE`` names another one), and downloaded to the cache otherwise.
"""

from . import cifar10, cifar100, fashion_mnist, mnist
from .digits import load_digits

__all__ = ["cifar10", "cifar100", "fashion_mnist", "load_digits", "mnist"]
