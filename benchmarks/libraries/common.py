"""What the libraries share: the weights of networks, and the settings of optimizers."""

import math

import numpy as np

#: Learning rate of SGD and of Adam.
LEARNING_RATE = 1e-3

#: Momentum of SGD.
MOMENTUM = 0.9

#: The gamma of normalizations whose outputs are added to others. It keeps sums over many blocks from growing, after which all
#: probabilities, by which libraries are compared, would be 0 or 1.
SCALE_OF_ADDENDS = 0.5

#: What He initialization, which suits a ReLU, is multiplied by after steps that pass on less of the variance: gates are about a
#: half. Without it, all probabilities would be nearly equal.
GAINS = {"scale": 2, "silu": 1.15, "hard_silu": 1.15}


def weights(network):
    """Yield (index, arrays) for each step with weights, in striate's layouts and with He initialization."""
    added = {index for step in network.steps if step.kind == "add" for index in step.inputs}
    for index, step in enumerate(network.steps):
        rng, a = np.random.default_rng(index), step.arguments
        if step.kind == "conv":
            bias = [np.zeros(a["filters"], np.float32)] if a["bias"] else []
            shape = (a["size"], a["size"], a["channels"] // a["groups"], a["filters"])
            yield index, [_normal(rng, *shape, gain=_gain(network, step)), *bias]
        elif step.kind == "conv_transpose":
            yield index, [_normal(rng, a["size"], a["size"], a["filters"], a["channels"]), np.zeros(a["filters"], np.float32)]
        elif step.kind == "dense":
            kernel = _normal(rng, a["features"], a["units"], gain=_gain(network, step))
            yield index, [kernel, np.zeros(a["units"], np.float32)]
        elif step.kind == "batch_norm":
            ones, zeros = np.ones(a["channels"], np.float32), np.zeros(a["channels"], np.float32)
            gamma = ones * np.float32(SCALE_OF_ADDENDS if index in added else 1)
            yield index, [gamma, zeros, zeros.copy(), ones.copy()]  # gamma, beta, mean and variance


def _gain(network, step):
    before = step.inputs[0]
    return 1 if before < 0 else GAINS.get(network.steps[before].kind, 1)


def _normal(rng, *shape, gain=1):
    array = rng.standard_normal(shape, np.float32)
    array *= np.float32(gain * math.sqrt(2 / math.prod(shape[:-1])))
    return array


def for_nchw(network, index, arrays):
    """Return the weights of a step as libraries with NCHW images take them."""
    step = network.steps[index]
    if step.kind in ("conv", "conv_transpose"):
        return [np.ascontiguousarray(arrays[0].transpose(3, 2, 0, 1)), *arrays[1:]]
    if step.kind == "dense":
        kernel, before = arrays[0], network.steps[step.inputs[0]]
        while before.kind == "dropout":
            before = network.steps[before.inputs[0]]
        if before.kind == "flatten":  # Its output has pixels and channels in another order there.
            shape = network.shape_of(before.inputs[0])
            kernel = kernel.reshape(*shape, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
        return [np.ascontiguousarray(kernel.T), arrays[1]]
    return arrays
