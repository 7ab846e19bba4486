"""`InputSpec`: what it says, and what calls of layers with one refuse; layers as descriptions."""

import numpy as np
import pytest

from striate import Input, InputSpec, layers


class Passing(layers.Layer):
    """A layer that returns its input."""

    def __init__(self, spec=None):
        super().__init__()
        self.input_spec = spec

    def call(self, x):
        return x[0] * 1 if isinstance(x, list) else x * 1


@pytest.mark.parametrize(
    ("settings", "fitting", "others"),
    [
        ({"ndim": 2}, [(3, 4)], [(3,), (3, 4, 5)]),
        ({"min_ndim": 2, "max_ndim": 3}, [(3, 4), (3, 4, 5)], [(3,), (3, 4, 5, 6)]),
        ({"shape": (None, 4)}, [(3, 4)], [(3, 5), (3, 4, 1)]),
        ({"shape": (None, 4, 1), "allow_last_axis_squeeze": True}, [(3, 4), (3, 4, 1)], [(3, 5), (3, 4, 2)]),
        ({"axes": {-1: 4, 1: 2}}, [(3, 2, 4)], [(3, 2, 5), (3, 3, 4), (3,)]),
        ({"dtype": "float32"}, [(3,)], []),
    ],
)
def test_calls_are_checked(settings, fitting, others):
    spec = InputSpec(**settings)
    for shape in fitting:
        assert Passing(spec)(np.ones(shape, np.float32)).shape == shape
        assert Passing(spec)(Input(shape[1:])).shape == (None, *shape[1:])
    for shape in others:
        for x in (np.ones(shape, np.float32), Input(shape[1:])):
            with pytest.raises(ValueError, match=r"^layer 'passing' got input of shape .*; expected InputSpec\("):
                Passing(spec)(x)
    assert InputSpec.from_config(spec.get_config()).get_config() == spec.get_config()


def test_each_input_has_a_specification():
    layer = Passing([InputSpec(ndim=2), None])
    x = np.ones((3, 4), np.float32)
    assert layer([x, x[:, 0]]).shape == (3, 4)
    with pytest.raises(ValueError, match="got 1 inputs; expected 2, as its input_spec says"):
        layer(x)


def test_specifications_that_contradict_themselves():
    with pytest.raises(ValueError, match=r"axes=\{3: 2\} has axes that an input of 2 axes lacks"):
        InputSpec(ndim=2, axes={3: 2})
    with pytest.raises(TypeError, match="axes=3 is of type int"):
        InputSpec(axes=3)


def test_layers_are_described_and_made_again():
    for layer in (
        layers.Conv2D(3, 5, activation="relu", kernel_regularizer="l2"),
        layers.TimeDistributed(layers.Dense(2)),
        layers.GroupQueryAttention(2, 4, 2),
        layers.StringLookup(vocabulary=["a"]),
    ):
        again = layers.deserialize(layers.serialize(layer))
        assert type(again) is type(layer)
        assert again.get_config() == layer.get_config()
    assert layers.deserialize({"class_name": "Passing", "config": {}}, {"Passing": Passing}).built is False
    with pytest.raises(ValueError, match="class_name='Nothing'"):
        layers.deserialize({"class_name": "Nothing", "config": {}})
