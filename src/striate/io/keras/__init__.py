"""Keras' files: ``.keras``, ``.weights.h5``, and ``.h5`` in the layout of Keras 2 (all need h5py)."""

from ..._common.names import public_attributes
from ...models import formats
from .archive import is_keras_file

__all__ = ["KerasFormat"]

__getattr__, __dir__ = public_attributes(globals())


@formats.register("keras")
class KerasFormat(formats.Format):
    """Models and weights that Keras wrote, and weights that it reads."""

    endings = (".h5",)

    def recognizes(self, path):
        """Return whether a file is one of Keras'."""
        return is_keras_file(path)

    def load_model(self, path, custom_objects, compile, lazy, safe_mode):
        """Return the model in a file; `lazy` must be false."""
        if lazy:
            raise ValueError(f"lazy=True, but filepath={path!r} is one of Keras' files; expected one that striate saved")
        from .models import load_keras_model  # seldom needed, and slow to import

        return load_keras_model(path, custom_objects, compile, safe_mode)

    def load_weights(self, model, path, skip_mismatch, by_name, skipped=()):
        """Set a model's weights to those in a file, but for those of the layers `skipped`."""
        from .weights import load_keras_weights  # seldom needed, and slow to import

        load_keras_weights(model, path, skip_mismatch, by_name, list(skipped))

    def save_weights(self, model, path, skipped=()):
        """Write a model's weights to a ``.weights.h5`` file, but for those of the layers `skipped`."""
        from .weights import save_keras_weights  # seldom needed, and slow to import

        save_keras_weights(model, path, list(skipped))
