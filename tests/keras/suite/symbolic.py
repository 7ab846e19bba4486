"""Symbolic tensors that are made from a shape and a dtype."""

import pytest

import striate
from striate.backend import standardize_dtype
from striate.layers.symbolic import Node


def standardize_shape(shape):
    """Return a shape as a tuple."""
    return tuple(None if size is None else int(size) for size in shape)


def symbolic_tensor(shape, dtype="float32", name=None):
    """Return a symbolic tensor with a shape, of which the batch size may be an integer, too."""
    return Node(striate.InputLayer((1,), name=name), None, standardize_shape(shape), standardize_dtype(dtype)).outputs


class _SymbolicTensors(type(striate.KerasTensor)):
    """The class of a class of symbolic tensors that are made from a shape, as Keras' are."""

    def __call__(cls, shape, dtype="float32", sparse=False, ragged=False, record_history=True, name=None, **kwargs):
        if sparse or ragged:
            pytest.skip(f"{'sparse' if sparse else 'ragged'}: a symbolic tensor that is so")
        return symbolic_tensor(shape, dtype, name)

    def __instancecheck__(cls, instance):
        return isinstance(instance, striate.KerasTensor)


class KerasTensor(metaclass=_SymbolicTensors):
    """A symbolic tensor of a shape and dtype, which is the output of an input layer."""
