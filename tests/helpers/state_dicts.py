"""State dicts as PyTorch wrote them before its version 1.6, written without PyTorch."""

import collections
import contextlib
import io
import pickle
import struct
import sys
import types
from unittest import mock

import numpy as np


class FloatStorage:
    """Stand for PyTorch's class of this name."""


class DoubleStorage:
    """Stand for PyTorch's class of this name."""


class LongStorage:
    """Stand for PyTorch's class of this name."""


def _rebuild_tensor_v2(*arguments):
    """Stand for PyTorch's function of this name."""


_KINDS = {"f4": FloatStorage, "f8": DoubleStorage, "i8": LongStorage}


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        return thing if isinstance(thing, tuple) and thing[:1] == ("storage",) else None

    def reducer_override(self, thing):
        if not isinstance(thing, np.ndarray):
            return NotImplemented
        storage = ("storage", _KINDS[thing.dtype.str[1:]], str(id(thing)), "cpu", thing.size, None)
        strides = tuple(stride // thing.itemsize for stride in thing.strides)
        return _rebuild_tensor_v2, (storage, 0, thing.shape, strides, False, collections.OrderedDict())


@contextlib.contextmanager
def _named_as_in_torch():
    """Give the things above, in a ``with`` block, the names under which PyTorch has them."""
    module, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    homes = [*((kind, module) for kind in _KINDS.values()), (_rebuild_tensor_v2, utils)]
    with contextlib.ExitStack() as stack:
        for thing, home in homes:
            setattr(home, thing.__name__, thing)
            stack.enter_context(mock.patch.object(thing, "__module__", home.__name__))
        stack.enter_context(mock.patch.dict(sys.modules, {"torch": module, "torch._utils": utils}))
        yield


def state_dict(arrays, tensors=None):
    """Return the content of a file of arrays, whose axes may have any order in memory; or of other things as `tensors`."""
    file = io.BytesIO()
    named = collections.OrderedDict(arrays)
    named._metadata = collections.OrderedDict({"": {"version": 1}})
    with _named_as_in_torch():
        for thing in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, named if tensors is None else tensors):
            _Pickler(file, 2).dump(thing)
    pickle.dump([str(id(array)) for array in arrays.values()], file, 2)
    for array in arrays.values():
        memory = array.transpose(np.argsort(array.strides)[::-1])  # in the order of its elements in memory
        file.write(struct.pack("<q", array.size) + memory.tobytes())
    return file.getvalue()
