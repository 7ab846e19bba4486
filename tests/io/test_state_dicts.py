"""PyTorch's state dicts in its older format: read without PyTorch, and never executed."""

import collections
import contextlib
import io
import pickle
import struct
import tracemalloc

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


#: Levels of a tuple of tuples with 2²⁰ leaves: few enough to see what happens to a file with more, which would hang.
_LEVELS = 20

#: Instructions, which push a number, and pair it with itself; the names that state dicts need, and an empty tuple.
_BOMB = b"K\x01" + b"q\x00h\x00\x86" * _LEVELS
_TENSOR, _KIND = b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nFloatStorage\n"
_STORAGE = b"(X\x00\x00\x00\x00" + _KIND + b"X\x01\x00\x00\x00atQ"
_NAME = b"X\x01\x00\x00\x00n"


def _file(tensors, keys=b"]", stored=b""):
    """Return a file whose state dict, and the keys of whose storages, instructions make."""
    begin = b"".join(pickle.dumps(each, 2) for each in (0x1950A86A20F9469CFC6C, 1001, {}))
    return begin + b"".join(b"\x80\x02" + each + b"." for each in (tensors, keys)) + stored


def _tensor(storage=_STORAGE, offset=b"K\x00", shape=b"K\x01\x85", strides=b"K\x01\x85"):
    """Return instructions that make a state dict of one tensor."""
    return b"}" + _NAME + _TENSOR + b"(" + storage + offset + shape + strides + b"tRs"


def test_instructions_make_a_tensor():
    found = read_state_dict(_file(_tensor(), b"]X\x01\x00\x00\x00aa", struct.pack("<qf", 1, 7)))
    np.testing.assert_array_equal(found["n"], [7])


@pytest.mark.parametrize(
    "content",
    [
        _file(_BOMB + b")R"),
        _file(_TENSOR + _BOMB + b"R"),
        _file(b"}" + _BOMB + b"Ns"),
        _file(b"}(" + _BOMB + b"Nu"),
        _file(_tensor(b"(N" + _BOMB + b"NtQ")),
        _file(_tensor(b"(N" + _KIND + _BOMB + b"tQ")),
        _file(_tensor(storage=_BOMB)),
        _file(_tensor(offset=_BOMB)),
        _file(_tensor(shape=_BOMB)),
        _file(_tensor(strides=_BOMB)),
        _file(_tensor(shape=_BOMB + b"\x85")),
        _file(_tensor(shape=b"X\x01\x00\x00\x00a")),
        _file(_tensor(shape=b"(" + b"K\x01" * 40 + b"t", strides=b"(" + b"K\x01" * 40 + b"t")),
        _file(_tensor(shape=b"\x8a\xff" + b"\x7f" * 255 + b"\x85")),
        _file(_tensor(), b"]" + _BOMB + b"a"),
        _file(_tensor(), b"]" + _NAME + b"a"),
        _file(b"c" + b"n" * 10_000 + b"\nn\n"),
        _file(b"X" + struct.pack("<i", 10_000) + b"n" * 10_000 + b")R"),
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_a_small_file_makes_no_large_message_or_key(content):
    with pytest.raises(ValueError, match="expected a state dict of tensors alone") as caught:
        read_state_dict(content)
    assert len(str(caught.value)) < 300


def test_many_tensors_of_one_storage_need_no_more_memory():
    count, size = 200, 100_000
    tensor = _TENSOR + b"(" + _STORAGE + b"K\x00" + (b"J" + struct.pack("<i", size) + b"\x85") + b"K\x01\x85tR"
    names = [b"X\x03\x00\x00\x00%03d" % i for i in range(count)]
    tensors = b"}(" + names[0] + tensor + b"q\x01" + b"".join(name + b"h\x01" for name in names[1:]) + b"u"
    stored = struct.pack("<q", size) + np.arange(size, dtype="<f4").tobytes()
    content = _file(tensors, b"]X\x01\x00\x00\x00aa", stored)
    tracemalloc.start()
    found = read_state_dict(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == count
    np.testing.assert_array_equal(found["199"], np.arange(size))
    assert most < 4 * len(content)


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
