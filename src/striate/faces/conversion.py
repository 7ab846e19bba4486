"""The weights of MTCNN from the files of facenet-pytorch, which are not part of striate."""

from pathlib import Path

from .._common.checks import check_path
from .._common.files import open_regular, reading
from ..io.state_dicts import read_state_dict
from .mtcnn import MTCNN
from .networks import SIZES

#: Where facenet-pytorch has its files, in a wheel; and the names of its heads, by ours.
_FOLDER = "facenet_pytorch/data"
_HEADS = {
    "pnet": {"faces": "conv4_1", "boxes": "conv4_2"},
    "rnet": {"dense": "dense4", "dense_prelu": "prelu4", "faces": "dense5_1", "boxes": "dense5_2"},
    "onet": {"dense": "dense5", "dense_prelu": "prelu5", "faces": "dense6_1", "boxes": "dense6_2", "landmarks": "dense6_3"},
}
_PARTS = {"kernel": "weight", "alpha": "weight", "bias": "bias"}

#: Bytes that a file of the largest network has at most.
_LARGEST = 1 << 23


def convert_mtcnn(source, path):
    """Write the weights of MTCNN that facenet-pytorch has to a file that `MTCNN` reads.

    Neither PyTorch nor facenet-pytorch is needed: files are only read, and nothing in them is executed.

    Parameters
    ----------
    source : path
        The wheel of facenet-pytorch, as ``pip download --no-deps facenet-pytorch`` fetches it, or a folder with its files
        ``pnet.pt``, ``rnet.pt`` and ``onet.pt``.
    path : path
        File to write, whose name ends in ".npz".

    Returns
    -------
    MTCNN
        A detector with these weights.

    Raises
    ------
    ValueError
        If a file is damaged or holds something else.
    OSError
        If a file cannot be read or written.

    Notes
    -----
    The weights are those of the paper's authors; facenet-pytorch is under the MIT licence.
    """
    source = Path(check_path("source", source))
    detector = MTCNN()
    for name in SIZES:
        file = f"{name}.pt"
        content = _content(source, file)
        with reading(source / file, "a state dict of facenet-pytorch's MTCNN"):
            _assign(detector.model.get_layer(name), read_state_dict(content), _HEADS[name])
    detector.save_weights(check_path("path", path))
    return detector


def _content(source, file):
    """Return the bytes of a file in a folder or in a wheel."""
    import zipfile  # This module is slow to import.

    if source.is_dir():
        with open_regular(source / file) as opened:
            return opened.read(_LARGEST)
    with open_regular(source) as opened, reading(source, "the wheel of facenet-pytorch"):
        return zipfile.ZipFile(opened).open(f"{_FOLDER}/{file}").read(_LARGEST)


def _assign(network, arrays, heads):
    """Set the weights of a network to arrays of a state dict."""
    for layer in network.layers:
        for weight in layer.weights:
            array = arrays[f"{heads.get(layer.name, layer.name)}.{_PARTS[weight.name]}"]
            if array.ndim == 4:
                array = array.transpose(2, 3, 1, 0)
            elif layer.name == "dense" and weight.name == "kernel":  # There, images are flattened column by column.
                height, width, channels = network.get_layer("flatten").input_shape[1:]
                array = array.reshape(-1, width, height, channels).transpose(2, 1, 3, 0)
            elif array.ndim == 2:
                array = array.T
            weight.assign(array.reshape(weight.shape))
