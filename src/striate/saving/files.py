"""Weights in files, as functions of a model."""

from ..models.model import check_model


def save_weights(model, filepath, overwrite=True, *, objects_to_skip=None):
    """Write a model's weights to a file: see `Model.save_weights`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from striate import Sequential, layers, saving
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> path = Path(tempfile.mkdtemp(), "model.npz")
    >>> saving.save_weights(model, path)
    >>> path.exists()
    True
    """
    check_model(model).save_weights(filepath, overwrite, objects_to_skip=objects_to_skip)


def load_weights(model, filepath, skip_mismatch=False, by_name=False, objects_to_skip=None):
    """Set a model's weights to those in a file: see `Model.load_weights`.

    Examples
    --------
    >>> import tempfile
    >>> from striate import Sequential, layers, saving
    >>> model, other = (Sequential([layers.Input((4,)), layers.Dense(2)], rng=seed) for seed in (0, 1))
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> saving.save_weights(model, path)
    >>> saving.load_weights(other, path)
    >>> bool((other.layers[0].kernel.numpy() == model.layers[0].kernel.numpy()).all())
    True
    """
    check_model(model).load_weights(filepath, skip_mismatch, by_name, objects_to_skip)
