"""PyTorch's state dicts in its older format: read without PyTorch, and never executed."""

import collections
import contextlib
import io
import pickle

import numpy as np
import pytest

from striate._common.files import parsing
from striate.io.state_dicts import read_state_dict
from tests.helpers.state_dicts import state_dict

ARRAYS = {
    "conv.weight": np.random.default_rng(0).normal(size=(5, 3, 2, 4)).astype(np.float32),
    "conv.bias": np.arange(5, dtype=np.float64),
    "count": np.array(7, np.int64),
}


def test_arrays_are_read():
    found = read_state_dict(state_dict(ARRAYS))
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_axes_may_have_any_order_in_memory():
    kernel = ARRAYS["conv.weight"]
    turned = {"a": kernel.transpose(2, 0, 3, 1), "b": kernel[:, :1, :1].transpose(3, 2, 1, 0).copy()}
    for name, array in read_state_dict(state_dict(turned)).items():
        np.testing.assert_array_equal(array, turned[name])


def test_what_torch_writes():
    torch = pytest.importorskip("torch")
    file = io.BytesIO()
    tensors = {name: torch.from_numpy(array.copy()) for name, array in ARRAYS.items()}
    torch.save(collections.OrderedDict(tensors), file, _use_new_zipfile_serialization=False)
    for name, array in read_state_dict(file.getvalue()).items():
        np.testing.assert_array_equal(array, ARRAYS[name])


class _Call:
    """A thing that is unpickled by a call."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("call", [_Call(print, "executed"), _Call(collections.OrderedDict, [("a", 1)]), _Call(io.BytesIO)])
def test_nothing_is_executed(call, capsys):
    with pytest.raises(ValueError, match="expected a state dict of tensors alone"):
        read_state_dict(state_dict({}, tensors=call))
    assert capsys.readouterr().out == ""


def test_other_files_are_refused():
    with pytest.raises(ValueError, match="does not begin with PyTorch's magic number"):
        read_state_dict(pickle.dumps(1))
    apart = np.zeros((4, 6), np.float32)[:, ::2]
    with pytest.raises(ValueError, match="expected one that fills its memory"):
        read_state_dict(state_dict({"a": apart}))


def test_damaged_files_raise_errors_or_give_arrays():
    def attempt(content):
        with parsing("content", "a state dict"):
            return read_state_dict(content)

    content, rng = state_dict({"a": ARRAYS["conv.bias"]}), np.random.default_rng(0)
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= int(rng.integers(1, 256))
        with contextlib.suppress(ValueError):
            found = attempt(bytes(damaged))
            assert all(isinstance(array, np.ndarray) for array in found.values()), place
        with pytest.raises(ValueError, match="content is not a state dict, or is damaged"):
            attempt(content[:place])
