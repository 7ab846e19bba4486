"""The networks of MTCNN with random weights, against plain NumPy."""

import numpy as np
import pytest

from striate.faces.networks import cascade
from tests.helpers import reference

#: Error of float32 in a network of five layers, relative to its largest output.
_TOLERANCE = 64 * np.finfo(np.float32).eps


def prelu(x, alpha):
    return np.where(x > 0, x, alpha * x)


def max_pool(x, window):
    """Return the maxima of windows 2 pixels apart, of which the last may go beyond the image but begin within it."""
    sizes = [-(-max(size - window, 0) // 2) + 1 for size in x.shape[1:3]]
    rows = [x[:, 2 * i : 2 * i + window].max(1) for i in range(sizes[0])]
    return np.stack([np.stack([row[:, 2 * j : 2 * j + window].max(1) for j in range(sizes[1])], 1) for row in rows], 1)


def predicted(network, x, poolings):
    """Return the outputs of a network in float64; `poolings` are the windows after each convolution, or None."""
    weights = {layer.name: [each.numpy().astype(np.float64) for each in layer.weights] for layer in network.layers}
    for i, window in enumerate(poolings, 1):
        x = prelu(reference.conv2d(x, *weights[f"conv{i}"]), weights[f"prelu{i}"][0])
        x = x if window is None else max_pool(x, window)
    heads = [name for name in ("faces", "boxes", "landmarks") if name in weights]
    if "dense" in weights:
        x = prelu(reference.dense(x.reshape(len(x), -1), *weights["dense"]), weights["dense_prelu"][0])
        found = [reference.dense(x, *weights[name]) for name in heads]
    else:
        found = [reference.conv2d(x, *weights[name]) for name in heads]
    return [reference.softmax(found[0]), *found[1:]]


def test_a_seed_gives_the_same_weights():
    for one, same, other in zip(*(cascade(rng=seed).get_weights() for seed in (0, 0, 1)), strict=True):
        np.testing.assert_array_equal(one, same)
        assert one.ndim < 2 or not one.any() or (one != other).any()


@pytest.mark.parametrize(
    ("name", "shape", "poolings"),
    [
        ("pnet", (1, 12, 12, 3), [2, None, None]),
        ("pnet", (2, 17, 30, 3), [2, None, None]),
        ("rnet", (3, 24, 24, 3), [3, 3, None]),
        ("onet", (2, 48, 48, 3), [3, 3, 2, None]),
    ],
)
def test_networks_compute_what_the_paper_says(name, shape, poolings):
    rng = np.random.default_rng(1)
    network = cascade(rng=0).get_layer(name)
    for layer in network.layers:
        for weight in layer.weights:
            if weight.name != "kernel":
                weight.assign(rng.uniform(-0.5, 1.5, weight.shape))
    x = rng.uniform(-1, 1, shape)
    outputs = network(x.astype(np.float32), training=False)
    expected = predicted(network, x, poolings)
    assert len(outputs) == len(expected) == (3 if name == "onet" else 2)
    for got, want in zip(outputs, expected, strict=True):
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0, atol=_TOLERANCE * np.abs(want).max())
