"""Files like those of facenet-pytorch, with random weights of MTCNN."""

import numpy as np

from .state_dicts import state_dict

#: Shapes of PyTorch's weights; each convolution and each layer "dense" has a PReLU.
KERNELS = {
    "pnet": {"conv1": (10, 3, 3, 3), "conv2": (16, 10, 3, 3), "conv3": (32, 16, 3, 3), "conv4_1": (2, 32, 1, 1),
             "conv4_2": (4, 32, 1, 1)},
    "rnet": {"conv1": (28, 3, 3, 3), "conv2": (48, 28, 3, 3), "conv3": (64, 48, 2, 2), "dense4": (128, 576),
             "dense5_1": (2, 128), "dense5_2": (4, 128)},
    "onet": {"conv1": (32, 3, 3, 3), "conv2": (64, 32, 3, 3), "conv3": (64, 64, 3, 3), "conv4": (128, 64, 2, 2),
             "dense5": (256, 1152), "dense6_1": (2, 256), "dense6_2": (4, 256), "dense6_3": (10, 256)},
}  # fmt: skip


def weights(name):
    """Return random weights of a network, by PyTorch's names."""
    rng, found = np.random.default_rng(list(name.encode())), {}
    for module, shape in KERNELS[name].items():
        found |= {f"{module}.weight": rng.random(shape, np.float32), f"{module}.bias": rng.random(shape[0], np.float32)}
        if "_" not in module:
            found[f"prelu{module[-1]}.weight"] = rng.random(shape[0], np.float32)
    return found


def write_facenet(folder):
    """Write the files of the three networks to a folder."""
    for name in KERNELS:
        (folder / f"{name}.pt").write_bytes(state_dict(weights(name)))
