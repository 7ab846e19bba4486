"""Autotuning: the fastest algorithm for a convolution on this machine is measured once and remembered on disk.

The file has a line of JSON for each choice. It is only ever appended to, a line at a time, so that processes can share it.
Lines that cannot be parsed are skipped, and of several lines for one convolution, the last counts.
"""

import functools
import os
import platform

import numpy as np

from .._common.arrays import on_a_cache_line
from .._common.cache import cache_folder
from .._common.files import open_regular
from .._common.lazy_modules import json
from .._version import __version__
from ..algorithms import ALGORITHMS, get_winograd, pick_conv2d_algorithm
from ..functional import conv2d, conv2d_backward_input, conv2d_backward_kernel, pack_conv2d_kernel
from ..kernels import instruction_set
from ..threads import num_threads
from .machine import shortest_time

_SECONDS = 0.01  # minimum time for which an algorithm is measured, in seconds
_CALLS = 3  # minimum number of calls that are measured

#: Maximum number of bytes that are read, from the end of the file.
_MOST_BYTES = 1 << 24

#: Factor by which an algorithm must be faster than the one that is chosen by shape, to be chosen instead.
_GAIN = 1.05

_known = {}  # choices that this process has made or read, by key


def best_algorithm(direction, geometry, dtype, packed, threads):
    """Return the algorithm that is fastest on this machine.

    Parameters
    ----------
    direction : {"forward", "backward_input", "backward_kernel"}
        What is computed.
    geometry : Geometry
        Geometry of the convolution.
    dtype : numpy.dtype
        Dtype of the arrays.
    packed : bool
        Whether kernels are packed beforehand.
    threads : int
        Number of threads.
    """
    shape = (geometry.x_shape, geometry.kernel_shape, geometry.strides, geometry.padding, geometry.dilation, geometry.groups)
    key = json.dumps([*machine(), threads, np.dtype(dtype).name, get_winograd(), direction, bool(packed), shape])

    def measure():
        with num_threads(threads):
            return _measure(direction, geometry, dtype, packed)

    return remembered(key, lambda algorithm: _may_compute(algorithm, direction, geometry, packed), measure)


def remembered(key, fits, measure):
    """Return the choice for a key: the one that is known, if it fits, or else what `measure` returns, which becomes known.

    Parameters
    ----------
    key : str
        JSON of what the choice depends on.
    fits : callable
        Returns whether a choice, a string, may be one for this key.
    measure : callable
        Returns the choice, without arguments.
    """
    if key not in _known:
        _known.update(_read())
    if key not in _known or not fits(_known[key]):
        _known[key] = measure()
        _append(key, _known[key])
    return _known[key]


def cache_file():
    """Return the file that choices are stored in."""
    return cache_folder() / "convolutions.jsonl"


@functools.cache
def machine():
    """Return the processor, the instruction set and the version of striate, for which a choice is valid."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = file.read().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass  # Only Linux has this file.
    return name, instruction_set, __version__


def _read():
    """Return the choices in the file, and ignore anything else in it."""
    choices = {}
    try:
        with open_regular(cache_file()) as file:
            file.seek(max(os.fstat(file.fileno()).st_size - _MOST_BYTES, 0))
            lines = file.read(_MOST_BYTES).decode(errors="replace").splitlines()
    except (OSError, ValueError):  # There is no file, or it is not a regular one.
        return choices
    for line in lines:
        try:
            key, algorithm = json.loads(line)
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(key, str) and isinstance(algorithm, str):
            choices[key] = algorithm
    return choices


def _may_compute(algorithm, direction, geometry, packed):
    """Return whether an algorithm can, and may, compute a convolution."""
    if algorithm in ("auto", "winograd") or (algorithm.startswith("winograd") and not get_winograd()):
        return False
    try:
        pick_conv2d_algorithm(algorithm, direction, geometry, packed)
    except ValueError:
        return False
    return True


def _append(key, algorithm):
    """Append a choice to the file, if it can be written."""
    try:
        cache_file().parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps([key, algorithm]) + "\n"
        if cache_file().exists() and _last_byte() not in (b"", b"\n"):
            line = "\n" + line  # A process was stopped while it wrote the last line.
        with open(cache_file(), "ab", buffering=0) as file:
            file.write(line.encode())
    except (OSError, ValueError):
        pass  # The cache is optional: without it, the next process measures again.


def _last_byte():
    """Return the last byte of the file, b"" if it is empty."""
    with open_regular(cache_file()) as file:
        file.seek(max(os.fstat(file.fileno()).st_size - 1, 0))
        return file.read(1)


def _measure(direction, geometry, dtype, packed):
    """Return the fastest algorithm, or the one that is chosen by shape if the fastest gains little."""
    usual = pick_conv2d_algorithm("auto", direction, geometry, packed)
    seconds = {}
    for algorithm in ALGORITHMS:
        if _may_compute(algorithm, direction, geometry, packed):
            seconds[algorithm] = shortest_time(_function(direction, geometry, dtype, packed, algorithm), _CALLS, _SECONDS)
    best = min(seconds, key=seconds.get)
    return best if seconds[usual] > _GAIN * seconds[best] else usual


def _function(direction, geometry, dtype, packed, algorithm):
    """Return a function that computes the convolution, called once already to warm up."""
    x, kernel, y = (on_a_cache_line(s, np.dtype(dtype)) for s in (geometry.x_shape, geometry.kernel_shape, geometry.y_shape))
    for array in (x, kernel, y):
        array[...] = 0.5
    arguments = {
        "strides": geometry.strides,
        "padding": geometry.padding,
        "dilation": geometry.dilation,
        "groups": geometry.groups,
        "algorithm": algorithm,
    }
    if direction == "backward_input":
        function = functools.partial(conv2d_backward_input, y, kernel, x.shape, **arguments, out=x)
    elif direction == "backward_kernel":
        function = functools.partial(conv2d_backward_kernel, y, x, kernel.shape, **arguments, out=kernel)
    else:
        weights = pack_conv2d_kernel(kernel, x.shape, **arguments) if packed else kernel
        function = functools.partial(conv2d, x, weights, **arguments, out=y)
    function()
    return function
