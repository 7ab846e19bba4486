"""Models and weights in files: the library's own, Keras' (which need h5py) and PyTorch's (which need safetensors).

`native`, `keras` and `pytorch` are the formats; the other modules are what they share. `striate.models.formats` is the
interface by which models call a format.
"""

from .._common.names import public_attributes
from . import keras, native

__all__ = ["keras", "native"]

__getattr__, __dir__ = public_attributes(globals())
