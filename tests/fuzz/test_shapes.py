"""Shapes are inferred as NumPy makes them, for every function, with any of the sizes unknown."""

import numpy as np
import pytest

from striate import Input, Sequential, layers, ops
from striate.engine import shapes
from striate.engine.operations.functions import FUNCTIONS
from striate.functional.filtering import BORDERS, Window

from .budget import generator, rounds


def sizes(rng, rank, low=1):
    return tuple(rng.integers(low, 5, rank).tolist())


def axis(rng, rank):
    return int(rng.integers(-rank, rank))


def alike(rng, shape, axis):
    """Return shapes of two or three arrays that differ along an axis."""
    return [(*shape[:axis], int(rng.integers(1, 5)), *shape[axis + 1 :]) for _ in range(rng.integers(2, 4))]


def reduction(rng, rank):
    some = tuple(rng.choice(rank, rng.integers(1, rank + 1), replace=False).tolist())
    return {"axis": (None, axis(rng, rank), some)[rng.integers(3)], "keepdims": bool(rng.integers(2))}


def along_one(rng, rank):
    return {"axis": (None, axis(rng, rank))[rng.integers(2)], "keepdims": bool(rng.integers(2))}


def part(rng, size):
    """Return an index of an axis."""
    low, high = (int(n) for n in rng.integers(-size - 2, size + 3, 2))
    step = (None, 1, 2, -1, -2)[rng.integers(5)]
    choices = (slice(low, high, step), slice(None), slice(high, None), slice(None, low), int(rng.integers(-1, 1)), None)
    return choices[rng.integers(len(choices))]


def index(rng, shape):
    keys = [part(rng, size) for size in shape[: rng.integers(1, len(shape) + 1)]]
    if rng.random() < 0.3:
        keys.insert(rng.integers(len(keys) + 1), Ellipsis)
    if rng.random() < 0.3:
        place = [i for i, each in enumerate(keys) if isinstance(each, int)]
        if place:
            keys[place[0]] = [0] * int(rng.integers(1, 4))
    return tuple(keys) if len(keys) > 1 else keys[0]


def broadcast_shapes(rng, count):
    """Return shapes that can be broadcast to one another."""
    whole = sizes(rng, rng.integers(1, 5))
    return [tuple(n if rng.random() < 0.7 else 1 for n in whole[rng.integers(len(whole)) :]) for _ in range(count)]


def matrices(rng):
    inner, (rows, columns), before = int(rng.integers(1, 5)), sizes(rng, 2), sizes(rng, rng.integers(3))
    return [
        [(*before, rows, inner), (inner, columns)],
        [(*before, rows, inner), (*before, inner, columns)],
        [(inner,), (*before, inner, columns)],
        [(*before, rows, inner), (inner,)],
        [(inner,), (inner,)],
    ][rng.integers(5)]


def reshaping(rng, shape):
    """Return a new shape of as many elements."""
    factors = [int(n) for n in shape]
    rng.shuffle(factors)
    place = rng.integers(len(factors))
    factors[place : place + 2] = [int(np.prod(factors[place : place + 2]))]
    if rng.random() < 0.5:
        factors[rng.integers(len(factors))] = -1
    return tuple(factors)


def convolution(rng):
    channels, groups = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    kernel = sizes(rng, 2), channels, groups * int(rng.integers(1, 3))
    x = (*sizes(rng, 1), *(int(n) for n in rng.integers(8, 14, 2)), channels * groups)
    settings = {
        "strides": int(rng.integers(1, 4)),
        "padding": ("valid", "same")[rng.integers(2)],
        "dilation": int(rng.integers(1, 3)),
    }
    return x, (*kernel[0], *kernel[1:]), settings, groups


def windows(rng):
    """Return the shape of images, and a window that fits into them."""
    size = sizes(rng, 2)
    images = (*sizes(rng, 1), *(int(n) for n in rng.integers(5, 9, 2)), *sizes(rng, 1))
    return images, size, Window.centred(size, BORDERS[rng.integers(len(BORDERS))])


def _added_at(rng, shape):
    """Return the shape of what an index selects of an array of some shape, and that shape and the index."""
    key = index(rng, shape)
    return [np.zeros(shape)[key].shape], {"shape": shape, "key": key}


def square(rng):
    """Return the shape of some square matrices."""
    return (*sizes(rng, rng.integers(3)), *sizes(rng, 1) * 2)


def decomposed(rng):
    """Return the shape of some matrices."""
    return (*sizes(rng, rng.integers(3)), *sizes(rng, 2))


def systems(rng):
    """Return the shapes of the matrices and right sides of some systems of equations."""
    a = square(rng)
    return [a, (*a[:-1], *sizes(rng, 1))]


def permuted(rng):
    """Return the shapes of some matrices, and of the pivots of their rows."""
    x = decomposed(rng)
    return [x, (*x[:-2], min(x[-2:]))]


#: Functions whose arguments are integers, and those that zero is no argument for.
OF_INTEGERS = ("bincount", "gcd", "lcm", "ldexp", "left_shift", "right_shift")
OF_ONES = ("gammainc", "lgamma")


def argument(name, shape):
    """Return an argument of a function, which it takes."""
    if name in ("cholesky", "inv", "solve") and len(shape) > 1 and shape[-1] == shape[-2]:
        return np.broadcast_to(np.eye(shape[-1], dtype=np.float32), shape)
    return (np.ones if name in OF_ONES else np.zeros)(shape, np.int32 if name in OF_INTEGERS else np.float32)


def cases(name, rng):
    """Return shapes of arguments and settings for a function."""
    shape = sizes(rng, rng.integers(1, 5))
    rank = len(shape)
    one = axis(rng, rank)
    place = one % rank
    size = int(rng.integers(1, 4))  # of blocks
    if name in ("sum", "mean", "max", "min", "prod", "any", "all"):
        return [shape], reduction(rng, rank)
    if name in ("argmax", "argmin"):
        return [shape], along_one(rng, rank)
    if name == "conv":
        x, kernel, settings, groups = convolution(rng)
        return [x, kernel], settings | {"groups": groups}
    if name == "conv_transpose":
        x, (height, width, channels, filters), settings, _ = convolution(rng)
        return [(*x[:3], channels), (height, width, filters, channels)], settings | {"output_padding": None}
    if name == "correlate_windows":
        images, size, window = windows(rng)
        return [images], {"kernel": rng.standard_normal(size), "window": window}
    if name == "choose":
        images, size, window = windows(rng)
        what = ("smallest", "largest", "median")[rng.integers(3)]
        return [images], {"what": what, "element": np.ones(size, bool), "window": window}
    if name == "bilateral":
        (*images, _), size, window = windows(rng)
        return [(*images, (1, 3)[rng.integers(2)])], {"kernel": rng.random(size), "sharpness": 0.5, "window": window}
    offset, length = int(rng.integers(-3, 4)), int(rng.integers(1, 6))
    made = {
        "add_along_axis": lambda: ([shape] * 2, {"shape": (*shape[:place], 7, *shape[place + 1 :]), "axis": one}),
        "argpartition": lambda: ([shape], {"kth": 0, "axis": one}),
        "bincount": lambda: ([shape] * int(rng.integers(1, 3)), {"length": length}),
        "cholesky": lambda: ([square(rng)], {"upper": bool(rng.integers(2))}),
        "cumprod": lambda: ([shape], {"axis": one}),
        "det": lambda: ([square(rng)], {}),
        "diagflat": lambda: ([sizes(rng, 1)], {"k": offset}),
        "diagonal": lambda: ([decomposed(rng)], {"offset": offset, "axis1": 0, "axis2": 1}),
        "digitize": lambda: ([shape, sizes(rng, 1)], {}),
        "divide_no_nan": lambda: (broadcast_shapes(rng, 2), {}),
        "eigh": lambda: ([square(rng)], {}),
        "fft": lambda: ([shape] * 2, {"axes": (one,), "inverse": bool(rng.integers(2))}),
        "gammainc": lambda: (broadcast_shapes(rng, 2), {}),
        "histogram": lambda: ([shape], {"bins": length, "part": int(rng.integers(2))}),
        "interchange_rows": lambda: (permuted(rng), {}),
        "inv": lambda: ([square(rng)], {}),
        "irfft": lambda: ([(*shape[:-1], length // 2 + 1)] * 2, {"length": length}),
        "isclose": lambda: (broadcast_shapes(rng, 2), {}),
        "isin": lambda: ([shape, sizes(rng, 2)], {}),
        "linspace": lambda: (broadcast_shapes(rng, 2), {"num": length, "endpoint": True, "axis": 0}),
        "logabsdet": lambda: ([square(rng)], {}),
        "lu": lambda: ([decomposed(rng)], {}),
        "pinv": lambda: ([decomposed(rng)], {"rcond": None}),
        "qr": lambda: ([decomposed(rng)], {"mode": ("reduced", "complete")[rng.integers(2)]}),
        "resample": lambda: (
            [(2, *sizes(rng, 3)), (2, 6)],
            {"size": sizes(rng, 2), "interpolation": "bilinear", "fill_mode": "constant"},
        ),
        "rfft": lambda: ([shape], {"length": length}),
        "searchsorted": lambda: ([sizes(rng, 1), shape], {}),
        "segment_max": lambda: ([shape, shape[:1]], {"segments": length}),
        "segment_min": lambda: ([shape, shape[:1]], {"segments": length}),
        "segment_prod": lambda: ([shape, shape[:1]], {"segments": length}),
        "segment_sum": lambda: ([shape, shape[:1]], {"segments": length}),
        "sequences": lambda: ([(*shape[:-1], 7)], {"length": length, "stride": int(rng.integers(1, 4))}),
        "sign_of_det": lambda: ([square(rng)], {}),
        "solve": lambda: (systems(rng), {}),
        "svd": lambda: ([decomposed(rng)], {"full": bool(rng.integers(2))}),
        "tril": lambda: ([decomposed(rng)], {"k": offset}),
        "triu": lambda: ([decomposed(rng)], {"k": offset}),
        "unique": lambda: ([shape], {"part": int(rng.integers(4)), "axis": (None, one)[rng.integers(2)], "size": length}),
        "view": lambda: ([shape], {"dtype": ("int32", "uint8", "int16")[rng.integers(3)], "itemsize": 4}),
        "add_at": lambda: _added_at(rng, shape),
        "argsort": lambda: ([shape], {"axis": one}),
        "broadcast_to": lambda: ([shape], {"shape": (*sizes(rng, 1), *shape)}),
        "bitwise_and": lambda: (broadcast_shapes(rng, 2), {}),
        "bitwise_or": lambda: (broadcast_shapes(rng, 2), {}),
        "bitwise_xor": lambda: (broadcast_shapes(rng, 2), {}),
        "cast": lambda: ([shape], {"dtype": "int32"}),
        "clip": lambda: (broadcast_shapes(rng, 3), {}),
        "concatenate": lambda: (alike(rng, shape, place), {"axis": one}),
        "cumsum": lambda: ([shape], {"axis": one}),
        "ctc_loss": lambda: ([(2, 3, 4), (2, 5), (2,), (2,)], {"mask_index": 0}),
        "expand_dims": lambda: ([shape], {"axis": axis(rng, rank + 1)}),
        "getitem": lambda: ([shape], {"key": index(rng, shape)}),
        "depth_to_space": lambda: ([(*sizes(rng, 3), int(rng.integers(1, 4)) * size**2)], {"block_size": size}),
        "lookup": lambda: ([shape, sizes(rng, rng.integers(3))], {}),
        "matmul": lambda: (matrices(rng), {}),
        "one_hot": lambda: ([shape], {"classes": 3, "dtype": "float32"}),
        "pad": lambda: ([shape], {"amounts": tuple(map(tuple, rng.integers(0, 3, (rank, 2)).tolist()))}),
        "pad_with_elements": lambda: (
            [shape],
            {"amounts": tuple(map(tuple, rng.integers(0, 3, (rank, 2)).tolist())), "mode": "symmetric"},
        ),
        "part": lambda: ([(*shape[:place], 6, *shape[place + 1 :])], {"number": 1, "parts": 3, "axis": one}),
        "relu": lambda: ([shape] + [()] * int(rng.integers(2, 4)), {}),
        "repeat": lambda: ([shape], {"repeats": (2, tuple([1, 2, 3, 1][: shape[place]]))[rng.integers(2)], "axis": one}),
        "reshape": lambda: ([shape], {"shape": reshaping(rng, shape)}),
        "roll": lambda: ([shape], {"shift": 2, "axis": one}),
        "sample": lambda: (sampled(rng), {}),
        "space_to_depth": lambda: (
            [(shape[0], *(size * int(n) for n in rng.integers(1, 4, 2)), int(rng.integers(1, 4)))],
            {"block_size": size},
        ),
        "squeeze": lambda: ([(*shape[:place], 1, *shape[place:])], {"axis": place}),
        "stack": lambda: ([shape] * int(rng.integers(1, 4)), {"axis": axis(rng, rank + 1)}),
        "take": lambda: ([shape, sizes(rng, rng.integers(3))], {"axis": one}),
        "take_along_axis": lambda: ([shape, (*shape[:place], 3, *shape[place + 1 :])], {"axis": one}),
        "tile": lambda: ([shape], {"repeats": sizes(rng, rng.integers(1, 5))}),
        "transpose": lambda: ([shape], {"axes": (None, tuple(rng.permutation(rank).tolist()))[rng.integers(2)]}),
        "weigh": lambda: (broadcast_shapes(rng, 2), {}),
        "where": lambda: (broadcast_shapes(rng, 3), {}),
    }
    if name in made:
        return made[name]()
    count = FUNCTIONS[name].forward.nin if isinstance(FUNCTIONS[name].forward, np.ufunc) else 1
    return broadcast_shapes(rng, count), {}


def sampled(rng):
    """Return the shapes of weights of samples, and of what is sampled."""
    batch, rows, columns = sizes(rng, 3)
    return [(3, rows), (batch, rows, columns)]


def actual(name, given, settings):
    arrays = [argument(name, shape) for shape in given]
    with np.errstate(all="ignore"):
        return np.shape(FUNCTIONS[name].forward(*arrays, **settings))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_shapes_are_those_that_numpy_makes(name):
    rng = generator(20, sorted(FUNCTIONS).index(name))
    for _ in range(rounds(60)):
        given, settings = cases(name, rng)
        want = actual(name, given, settings)
        assert shapes.shape_of(name, given, settings) == want, (name, given, settings)
        hidden = [tuple(None if rng.random() < 0.4 else n for n in shape) for shape in given]
        if name.startswith("conv"):  # kernels, and channels, are known
            hidden = [(*hidden[0][:-1], given[0][-1]), given[1]]
        if name == "depth_to_space":  # channels are known
            hidden = [(*hidden[0][:-1], given[0][-1])]
        found = shapes.shape_of(name, hidden, settings)
        assert len(found) == len(want), (name, hidden, settings, found)
        assert all(n in (None, size) for n, size in zip(found, want, strict=True)), (name, given, hidden, settings, found, want)


def draw_layer(rng, rank):
    """Return a layer for samples with a number of axes, as a function that makes it."""
    size, stride = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    padding = ("valid", "same")[rng.integers(2)]
    windows = {"strides": stride, "padding": padding}
    amounts, yes = tuple(rng.integers(0, 3, 2).tolist()), bool(rng.integers(2))
    of_any = [
        lambda: layers.Dense(size),
        lambda: layers.LayerNormalization(),
        lambda: layers.BatchNormalization(),
        lambda: layers.Reshape((-1, size)),
        lambda: layers.PReLU(shared_axes=tuple(range(1, rank))),
        lambda: layers.Lambda(lambda x: ops.mean(x, axis=1)),
        lambda: layers.Lambda(lambda x: x[:, ::stride] + x[:, :1]),
        lambda: layers.Lambda(lambda x: ops.concatenate([ops.expand_dims(x, 1), ops.expand_dims(-x, 1)], axis=-1)),
        lambda: layers.Flatten(),
    ]
    of_sequences = [
        lambda: layers.Conv1D(size, size, **windows),
        lambda: layers.Conv1DTranspose(2, size, **windows),
        lambda: layers.SeparableConv1D(2, size, padding=padding),
        lambda: layers.AveragePooling1D(size, **windows),
        lambda: layers.ZeroPadding1D(amounts),
        lambda: layers.Cropping1D(amounts),
        lambda: layers.UpSampling1D(size),
        lambda: layers.GlobalMaxPooling1D(keepdims=yes),
        lambda: layers.Permute((2, 1)),
        lambda: layers.Reshape((-1, 1, 2)),
    ]
    of_images = [
        lambda: layers.Conv2D(size, (size, 2), **windows),
        lambda: layers.DepthwiseConv2D(size, dilation_rate=2),
        lambda: layers.Conv2DTranspose(2, (2, size), **windows),
        lambda: layers.MaxPooling2D(size, **windows),
        lambda: layers.ZeroPadding2D((amounts, amounts[::-1])),
        lambda: layers.Cropping2D((amounts, amounts[::-1])),
        lambda: layers.UpSampling2D((size, 2), interpolation=("nearest", "bilinear")[yes]),
        lambda: layers.GlobalAveragePooling2D(keepdims=yes),
        lambda: layers.Resizing(size, 3),
        lambda: layers.Permute((2, 3, 1)),
        lambda: layers.GroupNormalization(1),
        lambda: Tokens(size),
    ]
    choices = of_any + {2: of_sequences, 3: of_images}.get(rank, []) * 2
    return choices[rng.integers(len(choices))]


class Tokens(layers.Layer):
    """A layer that computes with sizes, and has weights, and layers within it."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.chain = Sequential([layers.Dense(units), layers.ReLU()])

    def build(self, input_shape):
        self.scale = self.add_weight((input_shape[-1],), "ones")

    def call(self, x):
        batch, height, width, channels = ops.shape(x)
        rows = ops.reshape(x * self.scale, (batch, height * width, channels))
        return ops.reshape(self.chain(rows), (batch, width, height, self.units))


def of_any_size(shape, makers):
    """Return a model for samples of a shape, None if weights depend on what is not known."""
    try:
        return Sequential([Input(shape), *[maker() for maker in makers]], rng=0)
    except ValueError as error:
        if "not known" in str(error) or "is known" in str(error):
            return None
        raise


def test_models_of_any_size_are_those_of_each_size():
    compared = refused = 0
    for number in range(rounds(60)):
        rng = generator(22, number)
        shape = (*(int(n) for n in rng.integers(4, 12, rng.integers(1, 3))), int(rng.integers(1, 4)))
        fixed, makers = Sequential([Input(shape)], rng=0), []
        for _ in range(rng.integers(1, 6)):
            maker = draw_layer(rng, len(fixed.output_shape) - 1 if fixed.built else len(shape))
            try:
                fixed.add(maker())
            except ValueError:  # it does not fit
                continue
            makers.append(maker)
        hidden = tuple(None if i < len(shape) - 1 and rng.random() < 0.8 else n for i, n in enumerate(shape))
        free = of_any_size(hidden, makers) if makers else None
        if free is None:
            refused += 1
            continue
        assert len(free.output_shape) == len(fixed.output_shape)
        pairs = zip(free.output_shape, fixed.output_shape, strict=True)
        assert all(n in (None, size) for n, size in pairs), (number, hidden, free.output_shape, fixed.output_shape)
        x = rng.standard_normal((2, *shape)).astype(np.float32)
        free.set_weights(fixed.get_weights())
        np.testing.assert_array_equal(free.predict(x), fixed.predict(x))
        compared += 1
    assert compared > refused
