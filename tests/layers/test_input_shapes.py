"""Shapes and inputs that users pass: every layer refuses invalid ones with an error that begins with its name."""

import inspect

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers

#: Invalid shapes, and the errors that refuse them.
INVALID_SHAPES = [
    (53, r"input_shape=53 is of type int; expected a list or tuple of sizes"),
    (None, r"input_shape=None is of type NoneType; expected a list or tuple of sizes"),
    ("ab", r"input_shape='ab' is of type str; expected a list or tuple of sizes"),
    ((None, "a"), r"input_shape\[1\]='a' is of type str; expected an integer of at least 0"),
    ((None, 2.5, 3, 3), r"input_shape\[1\]=2\.5 is of type float; expected an integer"),
    ((None, 5, True), r"input_shape\[2\]=True is a bool; expected an integer"),
    ((None, -3), r"input_shape\[1\]=-3 is too small; expected an integer of at least 0"),
    ((None, 1 << 70), r"input_shape\[1\]=1180591620717411303424 is too large; expected an integer"),
    ([(None, 3), 5], r"input_shape\[1\]=5 is of type int; expected a list or tuple of sizes"),
    ([(None, 3), (None, "a")], r"input_shape\[1\]\[1\]='a' is of type str; expected an integer"),
]

#: A structure of shapes, which most layers refuse.
DICT = ({"x": (None, 3)}, r"input_shape=\{'x': \(None, 3\)\} is of type dict; expected a list or tuple of sizes")

#: Values of the required arguments of constructors, by name.
ARGUMENTS = {
    "axes": 1, "dims": (1,), "factor": 0.1, "filters": 2, "function": abs, "height": 3, "height_factor": 0.1, "kernel_size": 2,
    "cell": layers.GRUCell(2), "cells": [layers.GRUCell(2)], "layer": layers.Dense(2),
    "n": 2, "output_size": 2, "rate": 0.1, "scale": 2.0, "size": 2, "stddev": 0.1, "target_shape": (2,), "units": 2, "width": 3,
    "width_factor": 0.1, "activation": "relu", "shape": (3,), "max_number": 2, "layers": [],
    "equation": "ab,bc->ac", "output_shape": 3, "input_dim": 4, "output_dim": 3, "num_heads": 2, "key_dim": 3, "head_dim": 3,
    "num_bins": 3, "num_query_heads": 4, "num_key_value_heads": 2,
}  # fmt: skip

#: Arguments of classes that need others.
OF_CLASSES = {
    "Bidirectional": {"layer": layers.GRU(2)},
    "CategoryEncoding": {"num_tokens": 3},
    "Discretization": {"num_bins": 3},
    "RandomPosterization": {"factor": 3},
}

#: Classes that leave it to others what they take.
BASES = (layers.Layer, layers.Wrapper)

MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")


def made(cls, **arguments):
    """Return a layer of a class."""
    required = [one.name for one in inspect.signature(cls).parameters.values() if one.default is one.empty]
    needed = {name: ARGUMENTS[name] for name in required if name in ARGUMENTS} | OF_CLASSES.get(cls.__name__, {})
    return cls(**{**needed, **arguments})


CLASSES = {
    name: cls
    for name in layers.__all__
    if isinstance(cls := getattr(layers, name), type)
    and issubclass(cls, layers.Layer)
    and name not in ("InputLayer", "Operation")
}
each_class = pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)


@each_class
@pytest.mark.parametrize("method", ["compute_output_shape", "build"])
def test_errors_for_invalid_shapes_begin_with_the_layers_name(cls, method):
    layer = made(cls)
    for shape, message in INVALID_SHAPES if layer.takes_dicts or cls in BASES else [*INVALID_SHAPES, DICT]:
        if shape is None and method == "build" and layer.builds_without_shape:
            continue
        with pytest.raises((TypeError, ValueError), match=rf"^layer '{layer.name}': {message}"):
            getattr(layer, method)(shape)


@pytest.mark.parametrize("make", [Sequential, lambda: Sequential([Input((3,)), layers.Dense(2)]),
                                  lambda: Model(x := Input((3,)), layers.Dense(2)(x)), lambda: layers.Dense(2)])  # fmt: skip
def test_built_models_and_layers_refuse_invalid_shapes_too(make):
    model = make()
    if not model.built and not isinstance(model, Sequential):
        model.build((None, 3))
    for shape, message in INVALID_SHAPES:
        for method in (model.compute_output_shape, model.build):
            with pytest.raises((TypeError, ValueError), match=rf"^layer '{model.name}': {message}"):
                method(shape)


@pytest.mark.parametrize("shape", [(None, 6, 3), [None, 6, 3], np.array([2, 6, 3]), (np.int64(2), np.int32(6), np.uint8(3))])
def test_shapes_may_be_lists_and_arrays(shape):
    layer, batch = layers.Conv1D(4, 3), shape[0]
    assert layer.compute_output_shape(shape) == (batch, 4, 4)
    assert all(size is None or type(size) is int for size in layer.compute_output_shape(shape))
    layer.build(shape)
    assert layer.input_shape == (None, 6, 3)
    assert (
        layers.Add().compute_output_shape((shape, shape)) == layers.Add().compute_output_shape([shape, shape]) == (batch, 6, 3)
    )


#: Layers that take states beside their input, or whatever the layer within them takes.
WITH_STATES = ("Bidirectional", "GRU", "GRUCell", "LSTM", "LSTMCell", "RNN", "SimpleRNN", "SimpleRNNCell", "StackedRNNCells")
ATTENTION = ("AdditiveAttention", "Attention", "GroupQueryAttention", "MultiHeadAttention")
#: Layers that take strings, which look like anything.
LOOKUPS = ("HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization")
OTHERS = (*MERGING, *WITH_STATES, *ATTENTION, *LOOKUPS, "Identity", "Lambda", "Layer", "TimeDistributed", "Wrapper")
SINGLE_INPUT = {name: cls for name, cls in CLASSES.items() if name not in OTHERS}


@pytest.mark.parametrize("cls", SINGLE_INPUT.values(), ids=SINGLE_INPUT)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_layers_of_one_input_refuse_lists(cls, count):
    layer, x = made(cls), np.ones((2, 5), np.float32)
    for method, given in (
        (layer, [x] * count),
        (layer, [Input((5,))] * count),
        (layer.compute_output_shape, [(None, 5)] * count),
        (layer.build, [(None, 5)] * count),
    ):
        with pytest.raises(ValueError, match=rf"^layer '{layer.name}' got a list of inputs of shapes .*; expected one input"):
            method(given)


@pytest.mark.parametrize("make", [layers.Flatten, lambda: layers.Reshape((2,)), layers.Add, layers.Concatenate, layers.Maximum])
def test_shapes_without_a_batch_axis_are_refused(make):
    layer = make()
    with pytest.raises(ValueError, match=rf"^layer '{layer.name}' got .*; expected"):
        layer.compute_output_shape([(), ()] if isinstance(layer, (layers.Add, layers.Concatenate, layers.Maximum)) else ())


@each_class
def test_errors_for_inputs_that_are_not_arrays_begin_with_the_layers_name(cls):
    layer = made(cls)
    for x in (None, object(), 1j) if cls.__name__ in LOOKUPS else ("a", None, object(), [[1, 2], [3]], 1j):
        with pytest.raises((TypeError, ValueError), match=rf"^layer '{layer.name}'.*; expected"):
            layer(x)


def test_build_of_a_model_may_call_build_of_its_base_class():
    class Own(Model):
        def build(self, input_shape):
            self.dense = layers.Dense(input_shape[-1])
            super().build(input_shape)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model.build((None, 3))
    assert model.built
    assert model(np.ones((2, 3))).shape == Own()(np.ones((2, 3))).shape == (2, 3)
