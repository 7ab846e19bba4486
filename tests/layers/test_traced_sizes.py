"""Shapes of outputs where `call` makes arrays whose sizes it takes from its input."""

import numpy as np
import pytest

from striate import Input, layers, ops, random

#: `call`, the shape of a sample of its input, and the shape of its output.
CALLS = {
    "noise added": (lambda x: x + random.normal((ops.shape(x)[0], 2)), (2,), (None, 2)),
    "noise": (lambda x: random.normal((ops.shape(x)[0], 2)), (2,), (None, 2)),
    "ones": (lambda x: ops.ones((ops.shape(x)[0], 2)) * x, (2,), (None, 2)),
    "where": (lambda x: ops.where(x > 0, x, ops.zeros(ops.shape(x))), (2,), (None, 2)),
    "concatenate": (lambda x: ops.concatenate([x, ops.zeros((ops.shape(x)[0], 1))], 1), (2,), (None, 3)),
    "stack": (lambda x: ops.stack([ops.zeros(ops.shape(x)), x]), (2,), (2, None, 2)),
    "matmul": (lambda x: ops.matmul(ops.zeros((ops.shape(x)[0], 3, 2)), x[..., None]), (2,), (None, 3, 1)),
    "computed": (lambda x: ops.exp(ops.zeros(ops.shape(x))) + x, (2,), (None, 2)),
    "NumPy": (lambda x: x + np.zeros((ops.shape(x)[0], 2), "float32"), (2,), (None, 2)),
    "positions": (lambda x: x + ops.arange(ops.shape(x)[1])[None, :, None], (None, 2), (None, None, 2)),
    "reshape": (lambda x: ops.reshape(x, (ops.shape(x)[0], 2, 1)), (2,), (None, 2, 1)),
    "broadcast_to": (lambda x: ops.broadcast_to(ops.ones((1, 2)), (ops.shape(x)[0], 2)), (2,), (None, 2)),
    "samples of 7": (lambda x: x + ops.zeros((ops.shape(x)[0], 7)), (7,), (None, 7)),
    "7 constants": (lambda x: x + ops.ones((7,)), (7,), (None, 7)),
    "7 constant rows": (lambda x: x + np.ones((7, 2), "float32"), (2,), (7, 2)),
    "960 constants": (lambda x: x + np.ones((960, 1), "float32"), (1, 2), (None, 960, 2)),
}


def _calling(function):
    class Calling(layers.Layer):
        def call(self, x):
            return function(x)

    return Calling()


@pytest.mark.parametrize("name", CALLS)
def test_sizes_that_call_takes_from_its_input_are_unknown(name):
    call, sample, expected = CALLS[name]
    assert _calling(call)(Input(sample)).shape == expected


@pytest.mark.parametrize("sample", [(2,), (None, 2)])
def test_layers_within_layers_and_after_them_keep_unknown_sizes(sample):
    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = _calling(CALLS["where"][0])
            self.dense = layers.Dense(3)

        def build(self, input_shape):
            self.dense.build(input_shape)

        def call(self, x):
            return self.dense(self.inner(x)) + random.normal((*ops.shape(x)[:-1], 3))

    y = Outer()(Input(sample))
    assert y.shape == (None, *sample[:-1], 3)
    assert layers.ReLU()(y).shape == y.shape
