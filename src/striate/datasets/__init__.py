"""Well-known sets of images, with Keras' names: each module has `load_data`.

They are looked for in the folder that the environment variable ``STRIATE_DATA`` names, then in striate's cache
(``STRIATE_CACHE`` names another one), and downloaded to the cache otherwise.
"""

from . import cifar10, cifar100, fashion_mnist, mnist

__all__ = ["cifar10", "cifar100", "fashion_mnist", "mnist"]
