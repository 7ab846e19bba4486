"""The shapes of the results of functions on arrays, for shapes in which None means an unknown size.

`shape_of` applies the rule of a function, which takes the shapes of its arguments and its settings, and returns the result's
shape, with None where a size depends on an unknown one. Unknown sizes are at least 1, and need not be equal.
"""

from types import EllipsisType, NoneType

import numpy as np

from .._common.structures import OF_SHAPES, flat_shapes, like_shapes, mapped_shapes
from ..geometry import conv2d_shape, conv2d_transpose_shape
from .volume_geometry import conv3d_shape, conv3d_transpose_shape

_LARGE = 1 << 40  # size that no index reaches


class KeptInArithmetic(int):
    """An integer with more information, which integers computed from it keep; `computed` makes them."""

    def computed(self, result, *others):
        """Return `result`, an integer computed from this one and others, with the information."""
        raise NotImplementedError


def _keeping_information(name):
    """Return the method of `int` with a name, changed so that results keep the information."""
    function = getattr(int, name)

    def compute(self, *others):
        result = function(self, *others)
        return self.computed(result, *others) if type(result) is int else result

    return compute


for _name in ("add", "sub", "mul", "floordiv", "mod"):
    for _side in ("", "r"):
        setattr(KeptInArithmetic, f"__{_side}{_name}__", _keeping_information(f"__{_side}{_name}__"))
KeptInArithmetic.__neg__ = _keeping_information("__neg__")


class AnySize(KeptInArithmetic):
    """A number in place of an unknown size, while `call` of a layer runs to find its output shape.

    Sizes computed from it are unknown, too.
    """

    def computed(self, result, *others):
        """Return another unknown size."""
        return AnySize(result)


#: Number in place of an unknown size; halving it repeatedly, or dividing it by small numbers, leaves no remainder.
SOME_SIZE = 960

#: Number in place of an unknown batch size, which shares no factor with `SOME_SIZE`.
SOME_BATCH = 7

#: Pairs of numbers, in place of an unknown batch size and of other unknown sizes, with which `call` is traced: sizes that
#: differ in the two results depend on unknown ones, even if they come from arrays of such sizes, which are plain integers.
TRACED_SIZES = (SOME_BATCH, SOME_SIZE), (11, SOME_SIZE // 2)


def with_any_sizes(shape, batch=SOME_BATCH, other=SOME_SIZE):
    """Return a shape with integers in place of unknown sizes."""
    return tuple(AnySize(other if axis else batch) if size is None else size for axis, size in enumerate(shape))


def without_any_sizes(shape):
    """Return a shape, or a structure of shapes, with None in place of unknown sizes."""
    if isinstance(shape, OF_SHAPES):
        return mapped_shapes(without_any_sizes, shape)
    return tuple(None if isinstance(size, AnySize) else size for size in shape)


def axis_of(axis, rank):
    """Return an axis as a non-negative index."""
    if not -rank <= axis < rank:
        raise ValueError(f"axis={axis} is out of range; expected one of {rank} axes")
    return int(axis) % rank


def axes_of(axis, rank):
    """Return an axis, or several, as a tuple of non-negative indices; all axes for None."""
    if axis is None:
        return tuple(range(rank))
    return tuple(axis_of(each, rank) for each in (axis if isinstance(axis, (tuple, list)) else (axis,)))


def broadcast(*shapes, **settings):
    """Return the shape that NumPy would broadcast shapes to."""
    rank = max(map(len, shapes))
    sizes = []
    for each in zip(*[(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes], strict=True):
        known = {size for size in each if size not in (None, 1)}
        if len(known) > 1:
            raise ValueError(f"shapes {', '.join(map(str, shapes))} cannot be broadcast; expected sizes that are equal, or 1")
        sizes.append(known.pop() if known else None if None in each else 1)
    return tuple(sizes)


def reduced(shape, axis=None, keepdims=False):
    """Return the shape of a reduction over axes: without them, or with 1 in their place."""
    removed = axes_of(axis, len(shape))
    return tuple(1 if i in removed else size for i, size in enumerate(shape) if keepdims or i not in removed)


def reshaped(given, shape):
    """Return the shape of an array of shape `given` after a reshape; -1 follows from the other sizes, None is the batch's."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if shape.count(-1) > 1:
        raise ValueError(f"shape={shape} has more than one -1; expected at most one")
    size, unknown = _products(with_any_sizes(given))
    new_size, new_unknown = _products(AnySize(SOME_BATCH) if n is None else n for n in shape if n != -1)
    rest = size // new_size if new_size else 0
    if unknown == new_unknown == 1 and (rest if -1 in shape else 1) * new_size != size:
        raise ValueError(f"shape={shape} does not fit an array of shape {tuple(given)}; expected as many elements")
    if unknown != new_unknown or rest * new_size != size:  # -1 then depends on unknown sizes.
        rest = AnySize(unknown * size // (new_unknown * new_size)) if new_size else None
    return tuple(rest if n == -1 else n for n in shape)


def _products(sizes):
    """Return the product of the known sizes, and the product of the numbers in place of unknown ones."""
    known = unknown = 1
    for size in sizes:
        if isinstance(size, AnySize):
            unknown *= int(size)
        else:
            known *= size
    return known, unknown


def broadcast_to(given, shape):
    """Return `shape`, after checking that `given` can be broadcast to it."""
    broadcast(given, without_any_sizes(shape))
    return tuple(shape)


def transposed(shape, axes=None):
    """Return a shape with its axes in another order, reversed if `axes` is None."""
    order = tuple(reversed(range(len(shape)))) if axes is None else axes_of(axes, len(shape))
    if sorted(order) != list(range(len(shape))):
        raise ValueError(f"axes={axes} is not a permutation of the axes of shape {tuple(shape)}; expected each of them once")
    return tuple(shape[axis] for axis in order)


def expanded(shape, axis):
    """Return a shape with a new axis of size 1."""
    axis = axis_of(axis, len(shape) + 1)
    return *shape[:axis], 1, *shape[axis:]


def squeezed(shape, axis=None):
    """Return a shape without axes of size 1, all of them if `axis` is None."""
    removed = [i for i, size in enumerate(shape) if size == 1] if axis is None else axes_of(axis, len(shape))
    for each in removed:
        if shape[each] not in (1, None):
            raise ValueError(f"axis={axis} has size {shape[each]}; expected an axis of size 1")
    return tuple(size for i, size in enumerate(shape) if i not in removed)


def matrix_product(a, b):
    """Return the shape of a product of matrices, or of vectors."""
    if not a or not b:
        raise ValueError("scalars have no matrix product; expected vectors or matrices")
    rows, columns = (1, *a) if len(a) == 1 else a, (*b, 1) if len(b) == 1 else b
    if None not in (rows[-1], columns[-2]) and rows[-1] != columns[-2]:
        raise ValueError(f"shapes {tuple(a)} and {tuple(b)} have no matrix product; expected {rows[-1]} rows of the second")
    ends = (*rows[-2:-1], *columns[-1:])
    return *broadcast(rows[:-2], columns[:-2]), *ends[len(a) == 1 : 1 if len(b) == 1 else 2]


def padded(shape, amounts, value=0.0):
    """Return a shape with padding, a pair (before, after) for each axis."""
    return tuple(None if size is None else size + before + after for size, (before, after) in zip(shape, amounts, strict=True))


def padded_with_elements(shape, amounts, mode):
    """Return a shape with padding made of the array's elements, a pair (before, after) for each axis."""
    return padded(shape, amounts)


def part(shape, number, parts, axis):
    """Return the shape of one of several equal parts along an axis."""
    axis = axis_of(axis, len(shape))
    size = None if shape[axis] is None else len(range(shape[axis])[part_key(shape, number, parts, axis)[-1]])
    return *shape[:axis], size, *shape[axis + 1 :]


def part_key(shape, number, parts, axis):
    """Return the index, a tuple of slices, of one of several equal parts along an axis of known size."""
    axis = axis_of(axis, len(shape))
    size = shape[axis]
    if size % parts:
        raise ValueError(f"{parts} parts do not divide {size}, the size of axis={axis}; expected a divisor")
    step = size // parts
    return (*(slice(None),) * axis, slice(number * step, (number + 1) * step))


def taken(shape, indices, axis):
    """Return the shape of elements taken along an axis; `indices` is the shape of the indices."""
    axis = axis_of(axis, len(shape))
    return *shape[:axis], *indices, *shape[axis + 1 :]


def taken_along(shape, indices, axis):
    """Return the shape of elements taken along an axis by separate indices for each row; `indices` is their shape."""
    axis = axis_of(axis, len(shape))
    rows = [(*each[:axis], 1, *each[axis + 1 :]) for each in (shape, indices)]
    result = broadcast(*rows)
    return *result[:axis], indices[axis], *result[axis + 1 :]


def tiled(shape, repeats):
    """Return the shape of an array repeated as a whole along its last axes."""
    rank = max(len(shape), len(repeats))
    shape, repeats = ((1,) * (rank - len(each)) + tuple(each) for each in (shape, repeats))
    return tuple(times(size, n) for size, n in zip(shape, repeats, strict=True))


def repeated(shape, repeats, axis):
    """Return the shape of an array whose elements are repeated along an axis."""
    axis = axis_of(axis, len(shape))
    size = times(shape[axis], repeats) if isinstance(repeats, int) else sum(repeats)
    return *shape[:axis], size, *shape[axis + 1 :]


def times(size, n):
    """Return n times a size, None if either is unknown."""
    return None if size is None or isinstance(n, AnySize) else size * n


def stacked(*shapes, axis=0):
    """Return the shape of arrays stacked along a new axis."""
    whole = common(*shapes)
    axis = axis_of(axis, len(whole) + 1)
    return *whole[:axis], len(shapes), *whole[axis:]


def concatenated(*shapes, axis=-1):
    """Return the shape of arrays concatenated along an axis."""
    axis = axis_of(axis, len(shapes[0]))
    sizes = [shape[axis] for shape in shapes]
    rest = common(*[(*shape[:axis], *shape[axis + 1 :]) for shape in shapes])
    return *rest[:axis], None if None in sizes else sum(sizes), *rest[axis:]


def common(*shapes):
    """Return the shape that shapes have in common, with the sizes that are known in any of them."""
    if len({len(shape) for shape in shapes}) == 1:
        sizes = [{size for size in each if size is not None} for each in zip(*shapes, strict=True)]
        if all(len(known) < 2 for known in sizes):
            return tuple(known.pop() if known else None for known in sizes)
    raise ValueError(f"shapes {', '.join(map(str, shapes))} differ; expected the same")


def one_hot(shape, classes, dtype=None):
    """Return a shape with an axis of classes appended."""
    return *shape, classes


def convolution(x, kernel, *, groups, **geometry):
    """Return the shape of a convolution; the kernel of a 1D convolution lacks the height."""
    if len(x) == 5:
        return conv3d_shape(x, kernel, groups=groups, **geometry)
    kernel = (1,) * (4 - len(kernel)) + tuple(kernel)
    if groups == x[3] == kernel[2]:  # The kernel is depthwise: (kh, kw, channels, multiplier).
        kernel = (*kernel[:2], 1, kernel[2] * kernel[3])
    return conv2d_shape(x, kernel, groups=groups, **geometry)


def transposed_convolution(x, kernel, **geometry):
    """Return the shape of a transposed convolution."""
    return (conv3d_transpose_shape if len(x) == 5 else conv2d_transpose_shape)(x, kernel, **geometry)


def of_sequences(shape, *others, **_):
    """Return the shape of one number for each sequence."""
    return (shape[0],)


def square(shape, *_, **settings):
    """Return the shape of square matrices, after checking that they are."""
    if len(shape) < 2 or (None not in shape[-2:] and shape[-1] != shape[-2]):
        raise ValueError(f"x has shape {tuple(shape)}; expected square matrices (…, n, n)")
    return tuple(shape)


def of_matrices(shape):
    """Return the shape of one number for each square matrix."""
    return square(shape)[:-2]


def solved(a, b):
    """Return the shape of the solutions of systems of linear equations, whose right sides are the columns of matrices."""
    square(a)
    return matrix_product(a, b)


def eigenvectors(shape):
    """Return the shape of the eigenvalues of matrices in a row above their eigenvectors."""
    *batch, n, _ = square(shape)
    return *batch, plus(n, 1), n


def singular_vectors(shape, full):
    """Return the shape of U, a row of singular values, and V, one below the other."""
    *batch, m, n = shape
    return *batch, plus(m, 1, n), _extreme(max if full else min, m, n)


def orthogonal_and_triangular(shape, mode):
    """Return the shape of Q with the transpose of R below it."""
    *batch, m, n = shape
    return *batch, plus(m, n), m if mode == "complete" else _extreme(min, m, n)


def factored(shape):
    """Return the shape of the factors of matrices with a row of pivots below them."""
    *batch, m, n = shape
    return *batch, plus(m, 1), n


def pseudoinverse(shape, rcond):
    """Return the shape of the pseudoinverses of matrices."""
    *batch, m, n = shape
    return *batch, n, m


def plus(*sizes):
    """Return the sum of sizes, None if one is unknown."""
    return None if None in sizes else sum(sizes)


def _extreme(choose, *sizes):
    return None if None in sizes else choose(sizes)


def transformed(real, imaginary, axes, inverse):
    """Return the shape of a Fourier transform, with real and imaginary parts along the last axis."""
    return *broadcast(real, imaginary), 2


def frequencies(shape, length):
    """Return the shape of the Fourier transform of real numbers."""
    length = shape[-1] if length is None else length
    return *shape[:-1], None if length is None else length // 2 + 1, 2


def signals(real, imaginary, length):
    """Return the shape of real numbers that have a Fourier transform."""
    *batch, size = broadcast(real, imaginary)
    return *batch, length if length is not None or size is None else 2 * (size - 1)


def overlapping(shape, length, stride):
    """Return the shape of overlapping sequences of a length."""
    size = shape[-1]
    return *shape[:-1], None if size is None else max((size - length) // stride + 1, 0), length


def segmented(shape, ids, segments):
    """Return the shape of an array whose rows are reduced by segments."""
    return segments, *shape[1:]


def diagonals(shape, offset=0, axis1=0, axis2=1):
    """Return the shape of diagonals of the matrices along two axes."""
    first, second = axis_of(axis1, len(shape)), axis_of(axis2, len(shape))
    if first == second:
        raise ValueError(f"axis1={axis1} and axis2={axis2} are the same; expected two axes of shape {tuple(shape)}")
    rows, columns = shape[first], shape[second]
    size = None if None in (rows, columns) else max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    return *(each for axis, each in enumerate(shape) if axis not in (first, second)), size


def diagonal_matrix(shape, k=0):
    """Return the shape of a matrix with a vector on a diagonal."""
    (size,) = shape
    size = None if size is None else size + abs(k)
    return size, size


def viewed(shape, dtype, itemsize):
    """Return the shape of an array whose bytes, elements of `itemsize` each, are taken for elements of another dtype."""
    new = np.dtype(dtype).itemsize
    if new == itemsize:
        return shape
    if not shape or (shape[-1] is not None and shape[-1] * itemsize % new):
        raise ValueError(f"dtype={dtype} does not fit into the last axis of x, shape {tuple(shape)}; expected a smaller dtype")
    return *shape[:-1], None if shape[-1] is None else shape[-1] * itemsize // new


def unique_part(shape, part, axis=None, size=None, **_):
    """Return the shape of what `unique_parts` in `engine.operations.searching` returns."""
    if part == 2:
        return shape if axis is None else (shape[axis_of(axis, len(shape))],)
    if part or axis is None:
        return (size,)
    axis = axis_of(axis, len(shape))
    return *shape[:axis], size, *shape[axis + 1 :]


def filtered(shape, *, window, **_):
    """Return the shape of filtered images."""
    if window.border != "valid":
        return shape
    batch, height, width, channels = shape
    lost = window.height - 1, window.width - 1
    return batch, *(None if size is None else size - n for size, n in zip((height, width), lost, strict=True)), channels


def resampled(shape, matrices, *, size, **_):
    """Return the shape of images sampled at other places."""
    return shape[0], *size, shape[3]


def indexed(shape, key):
    """Return the shape of an array indexed with integers, slices, new axes, ``...``, and arrays of integers or booleans."""
    keys = list(key) if isinstance(key, tuple) else [key]
    used = sum(_axes_used(each) for each in keys)
    if used > len(shape):
        raise ValueError(f"an index of {used} axes does not fit shape {tuple(shape)}; expected at most {len(shape)}")
    if Ellipsis not in [each for each in keys if isinstance(each, EllipsisType)]:
        keys.append(Ellipsis)
    place = next(i for i, each in enumerate(keys) if each is Ellipsis)
    keys[place : place + 1] = [slice(None)] * (len(shape) - used)
    sizes = list(shape)
    axis = 0
    for i, each in enumerate(keys):
        if isinstance(each, slice):
            sizes[axis], keys[i] = _sliced(sizes[axis], each), slice(None)
        elif each is not None and sizes[axis] is None:  # Any size will do that makes the index valid.
            sizes[axis] = int(np.max(np.abs(each), initial=0)) + 1
        axis += _axes_used(each)
    # NumPy itself determines the order of axes, on arrays that take no memory. A size is unknown if it differs in both.
    found = [np.broadcast_to(False, [n if size is None else size for size in sizes])[tuple(keys)].shape for n in (1, 2)]
    return tuple(size if size == other else None for size, other in zip(*found, strict=True))


def _axes_used(key):
    """Return how many axes of an array an element of an index refers to."""
    if isinstance(key, (EllipsisType, NoneType)):
        return 0
    return np.ndim(key) if not isinstance(key, slice) and np.asarray(key).dtype == bool else 1


def _sliced(size, key):
    """Return the length of a slice of an axis, None if that depends on an unknown size."""
    lengths = {len(range(*key.indices(n))) for n in ((1, _LARGE) if size is None else (size,))}
    return lengths.pop() if len(lengths) == 1 else None


def larger_images(shape, block_size):
    """Return the shape of images whose groups of channels become blocks of pixels."""
    batch, height, width, channels = shape
    if channels is None or channels % block_size**2:
        raise ValueError(f"x has {channels} channels; expected a multiple of {block_size**2} for block_size={block_size}")
    return batch, times(height, block_size), times(width, block_size), channels // block_size**2


def smaller_images(shape, block_size):
    """Return the shape of images whose blocks of pixels become groups of channels."""
    batch, height, width, channels = shape
    if any(size is not None and size % block_size for size in (height, width)):
        raise ValueError(f"x has {height} rows and {width} columns; expected multiples of block_size={block_size}")
    height, width = (None if size is None else size // block_size for size in (height, width))
    return batch, height, width, times(channels, block_size**2)


def spaced(start, stop, num, endpoint, axis):
    """Return the shape of numbers between those of two arrays, along a new axis."""
    shape = broadcast(start, stop)
    axis = axis_of(axis, len(shape) + 1)
    return *shape[:axis], num, *shape[axis:]


def along_axis(shape, axis=-1, **_):
    """Return a shape, after checking that it has an axis."""
    axis_of(axis, len(shape))
    return shape


_RULES = {
    "add_along_axis": lambda given, indices, shape, axis: tuple(shape),
    "add_at": lambda given, shape, key: tuple(shape),
    "all": reduced,
    "any": reduced,
    "argmax": reduced,
    "argmin": reduced,
    "argpartition": along_axis,
    "argsort": along_axis,
    "bilateral": filtered,
    "bincount": lambda shape, *weights, length: (*shape[:-1], length),
    "broadcast_to": broadcast_to,
    "cholesky": square,
    "choose": filtered,
    "concatenate": concatenated,
    "conv": convolution,
    "conv_transpose": transposed_convolution,
    "correlate_windows": filtered,
    "ctc_loss": of_sequences,
    "cumprod": along_axis,
    "cumsum": along_axis,
    "depth_to_space": larger_images,
    "det": of_matrices,
    "diagflat": diagonal_matrix,
    "diagonal": diagonals,
    "digitize": lambda shape, bins: shape,
    "eigh": eigenvectors,
    "expand_dims": expanded,
    "fft": transformed,
    "getitem": indexed,
    "histogram": lambda shape, bins, part=0, **_: (bins + part,),
    "interchange_rows": lambda shape, pivots, back=False: shape,
    "inv": square,
    "irfft": signals,
    "isin": lambda shape, elements, **_: shape,
    "linspace": spaced,
    "logabsdet": of_matrices,
    "lookup": lambda vectors, indices: (*indices, *vectors[1:]),
    "lu": factored,
    "matmul": matrix_product,
    "max": reduced,
    "mean": reduced,
    "min": reduced,
    "one_hot": one_hot,
    "pad": padded,
    "pad_with_elements": padded_with_elements,
    "part": part,
    "pinv": pseudoinverse,
    "prod": reduced,
    "qr": orthogonal_and_triangular,
    "repeat": repeated,
    "resample": resampled,
    "reshape": reshaped,
    "rfft": frequencies,
    "sample": matrix_product,
    "searchsorted": lambda shape, values, side="left": values,
    "segment_max": segmented,
    "segment_min": segmented,
    "segment_prod": segmented,
    "segment_sum": segmented,
    "sequences": overlapping,
    "sign_of_det": of_matrices,
    "solve": solved,
    "space_to_depth": smaller_images,
    "squeeze": squeezed,
    "stack": stacked,
    "sum": reduced,
    "svd": singular_vectors,
    "take": taken,
    "take_along_axis": taken_along,
    "tile": tiled,
    "transpose": transposed,
    "unique": unique_part,
    "view": viewed,
}


def shape_of(name, shapes, settings):
    """Return the shape of the result of a function, given by its name in `engine.operations`, from its arguments' shapes."""
    rule = _RULES.get(name, broadcast)
    shapes = [tuple(shape) for shape in shapes]
    if rule is reshaped:  # It needs the integers in place of unknown sizes.
        result = reshaped(*shapes, **settings)
        return result if _any_within(shapes) else without_any_sizes(result)

    def infer(given):
        return rule(*given, **settings)

    return with_numbers(infer(without_any_sizes(shapes)), infer, shapes)


def with_numbers(result, infer, shapes):
    """Return a shape, or a structure of them, with `AnySize` in place of unknown sizes, if such a size is in `shapes`.

    Parameters
    ----------
    result : tuple or structure of tuple
        The result of `infer`, with None for unknown sizes.
    infer : callable
        Returns the resulting shape for given shapes, without a None if these have none.
    shapes : tuple or structure of tuple
        The shapes that `infer` takes.
    """
    if not _any_within(shapes):
        return result
    try:
        numbers = infer(_as_integers(shapes))
    except (TypeError, ValueError):  # The numbers may not fit together; any others do as well.
        numbers = None
    if isinstance(result, OF_SHAPES):
        results = flat_shapes(result)
        known = [None] * len(results) if numbers is None else flat_shapes(numbers)
        return like_shapes(result, map(_with_numbers, results, known))
    return _with_numbers(result, numbers)


def _any_within(shapes):
    """Return whether a shape, or a structure of them, has an `AnySize`."""
    return any(isinstance(size, AnySize) for shape in flat_shapes(shapes) for size in shape)


def _with_numbers(shape, numbers):
    """Return a shape with `AnySize` in place of unknown sizes, of the number in their place in `numbers` where there is one."""
    some = with_any_sizes(shape)
    found = zip(shape, some, numbers or some, strict=True)
    return tuple(size if size is not None else one if number is None else AnySize(number) for size, one, number in found)


def _as_integers(shape):
    """Return a shape, or a structure of them, with plain integers in place of `AnySize`."""
    if isinstance(shape, OF_SHAPES):
        return mapped_shapes(_as_integers, shape)
    return tuple(int(size) if isinstance(size, AnySize) else size for size in shape)
