"""PyTorch's state dicts in files ``.pt`` of its older format, read without PyTorch, and without executing anything.

Such a file is five pickles: a magic number, a version, sizes of integers, the state dict, in which a tensor is a reference to a
storage, and the keys of the storages; then the storages, each a count and its elements. A pickle is a program for a machine
with a stack, which may call any function. Here only the few instructions that state dicts need are known, and the only calls
are those that make a dict or a tensor, so that a hostile file can do no more than be refused.

A few bytes can make a tuple of tuples with 2ⁿ leaves, n levels of the same two, which take forever to be shown or hashed. So a
thing from a file gets into a message, and becomes a key, only after its type is known.
"""

import io
import math
import pickletools
import struct
from typing import NamedTuple

import numpy as np

_MAGIC, _VERSION = 0x1950A86A20F9469CFC6C, 1001
_COUNT = struct.Struct("<q")

#: Dtypes of storages, by the names of PyTorch's classes.
_DTYPES = {
    f"torch {name}Storage": np.dtype(dtype)
    for name, dtype in {"Float": "<f4", "Double": "<f8", "Half": "<f2", "Long": "<i8", "Int": "<i4", "Byte": "u1"}.items()
}
_DICT, _TENSOR = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"

#: Instructions that push their argument.
_CONSTANTS = {"BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_WORDS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}

#: Axes that a tensor may have.
_MOST_AXES = 32

#: Characters of a name in a file that an error shows.
_SHOWN = 100


class _Storage(NamedTuple):
    key: str
    dtype: np.dtype


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple
    strides: tuple


def read_state_dict(content):
    """Return the arrays of a state dict by their names.

    Parameters
    ----------
    content : bytes
        The file.

    Raises
    ------
    ValueError
        If it is not such a file. A damaged one may raise other errors, too: call this in `_common.files.reading`.
    """
    file = io.BytesIO(content)
    if _loaded(file) != _MAGIC or _loaded(file) != _VERSION:
        raise ValueError("it does not begin with PyTorch's magic number; expected the format before PyTorch 1.6")
    _loaded(file)  # sizes of integers, which are those of every machine
    tensors, keys = _loaded(file), _loaded(file)
    dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {}
    for key in map(_checked_key, keys):
        if key not in dtypes:
            raise ValueError("it has a storage that no tensor is in; expected a state dict of tensors alone")
        (count,) = _COUNT.unpack(file.read(_COUNT.size))
        stored = np.frombuffer(content, dtypes[key], count, file.tell())
        file.seek(stored.nbytes, io.SEEK_CUR)
        storages[key] = stored.astype(stored.dtype.newbyteorder("="))  # Tensors are views of it, however many there are.
    return {name: _array(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _array(tensor, storage):
    """Return a tensor, whose elements must fill a part of its storage, with the axes in any order."""
    order = sorted(range(len(tensor.shape)), key=lambda axis: -tensor.strides[axis])
    shape = [tensor.shape[axis] for axis in order]
    strides = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
    fills = all(tensor.strides[axis] == strides[i] for i, axis in enumerate(order) if shape[i] != 1)
    if not fills or min(shape, default=1) < 1 or tensor.offset < 0:
        raise ValueError(f"a tensor has shape {tensor.shape} and strides {tensor.strides}; expected one that fills its memory")
    elements = storage[tensor.offset : tensor.offset + math.prod(shape)]
    return elements.reshape(shape).transpose(np.argsort(order))


def _loaded(file):
    """Return what the next pickle in a file makes."""
    stack, marks, memo = [], [], {}

    def since_mark():
        start = marks.pop()
        items = stack[start:]
        del stack[start:]
        return items

    for instruction, argument, _ in pickletools.genops(file):
        name = instruction.name
        if name in _CONSTANTS:
            stack.append(argument)
        elif name in _EMPTY:
            stack.append(_EMPTY[name]())
        elif name in _WORDS:
            stack.append(_WORDS[name])
        elif name == "GLOBAL":
            stack.append(_known(argument))
        elif name == "MARK":
            marks.append(len(stack))
        elif name == "BINPUT" or name == "LONG_BINPUT":
            memo[argument] = stack[-1]
        elif name == "BINGET" or name == "LONG_BINGET":
            stack.append(memo[argument])
        elif name in _SHORT_TUPLES:
            items = tuple(stack[-_SHORT_TUPLES[name] :])
            stack[-len(items) :] = [items]
        elif name == "TUPLE":
            stack.append(tuple(since_mark()))
        elif name == "SETITEM":
            key, value = stack[-2:]
            del stack[-2:]
            stack[-1][_checked_key(key)] = value
        elif name == "SETITEMS":
            items = since_mark()
            stack[-1].update(zip(map(_checked_key, items[::2]), items[1::2], strict=True))
        elif name == "APPENDS":
            items = since_mark()
            stack[-1].extend(items)
        elif name == "APPEND":
            item = stack.pop()
            stack[-1].append(item)
        elif name == "BINPERSID":
            _, kind, key, *_ = stack.pop()
            stack.append(_Storage(_checked_key(key), _DTYPES[_known(_checked_key(kind))]))
        elif name == "REDUCE":
            arguments = stack.pop()
            stack.append(_called(stack.pop(), arguments))
        elif name == "BUILD":
            stack.pop()  # The versions of modules, which a state dict keeps beside its tensors.
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO":
            raise ValueError(f"it has the instruction {name}; expected a state dict of tensors alone")
    raise ValueError("a pickle has no end")


def _known(name):
    """Return the name of a class or a function, if state dicts need it."""
    if name not in _DTYPES and name not in (_DICT, _TENSOR):
        raise ValueError(f"it names {name[:_SHOWN].replace(' ', '.')}; expected a state dict of tensors alone")
    return name


def _checked_key(key):
    """Return a key or a name, which must be a str."""
    if type(key) is not str:
        raise ValueError(f"it has a key or a name of type {type(key).__name__}; expected a state dict of tensors alone")
    return key


def _called(name, arguments):
    """Return what a call makes."""
    if type(name) is not str or type(arguments) is not tuple:
        raise ValueError(f"it calls a {type(name).__name__}; expected a state dict of tensors alone")
    if name == _DICT and not arguments:
        return {}
    if name != _TENSOR:
        raise ValueError(f"it calls {name[:_SHOWN]!r}; expected a state dict of tensors alone")
    tensor = _Tensor(*arguments[:4], *[None] * (4 - len(arguments)))
    sizes = (tensor.offset,), tensor.shape, tensor.strides
    if type(tensor.storage) is not _Storage or not all(map(_are_sizes, sizes)) or len(tensor.shape) != len(tensor.strides):
        raise ValueError("a tensor lacks a storage, an offset, a shape or strides; expected a state dict of tensors alone")
    return tensor


def _are_sizes(values):
    """Return whether something is a tuple of as many integers as an array may have axes, each of at least 0."""
    return (
        type(values) is tuple
        and len(values) <= _MOST_AXES
        and all(type(each) is int and 0 <= each < 1 << 63 for each in values)
    )
