"""Vectors of embeddings in the files that TensorBoard's projector reads."""

import io

import numpy as np

from .._common.checks import shown
from .._common.files import write_atomically
from .._common.lazy_modules import json
from ..engine import Variable


def write_configuration(folder, model, metadata):
    """Write the file that tells the projector of the layers whose vectors `write_vectors` writes.

    Parameters
    ----------
    folder : Path
        Where to write.
    model : Model
        The model.
    metadata : str, dict of str to str, or None
        Path of a file with labels, or paths by the names of layers.
    """
    names = [name for name, _ in _embeddings(model)]
    paths = metadata if isinstance(metadata, dict) else dict.fromkeys(names if metadata else [], metadata)
    if unknown := sorted(paths.keys() - set(names)):
        raise ValueError(f"embeddings_metadata has the keys {shown(unknown)}; expected some of {names}")
    lines = []
    for name in names:
        lines += ["embeddings {", f"  tensor_name: {json.dumps(name)}", f"  tensor_path: {json.dumps(_file(name))}"]
        lines += [f"  metadata_path: {json.dumps(paths[name])}", "}"] if name in paths else ["}"]
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "projector_config.pbtxt", "".join(f"{line}\n" for line in lines).encode())


def write_vectors(folder, model):
    """Write the vectors of each layer, one a line, with tabs between their elements."""
    for name, embeddings in _embeddings(model):
        lines = io.StringIO()
        np.savetxt(lines, embeddings.value, fmt="%.8g", delimiter="\t")
        write_atomically(folder / _file(name), lines.getvalue().encode())


def _file(name):
    return f"embedding-{name}.tsv"


def _embeddings(model):
    """Return pairs of the name and the vectors of the layers that have some."""
    found = [(layer.name, getattr(layer, "embeddings", None)) for layer in model.layers]
    return [(name, vectors) for name, vectors in found if isinstance(vectors, Variable) and vectors.ndim == 2]
