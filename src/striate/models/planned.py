"""Models as programs: for each batch shape, a plan of the computation is made once, and reused from then on."""

from typing import NamedTuple

import numpy as np

from .._common.checks import LARGEST, choice, integer, shown
from .._common.randomness import generator
from .._common.strings import holds_strings
from .._common.structures import OF_SHAPES, Arguments, flat_shapes, leaves, like_shapes, mapped, paths_in, structured
from ..algorithms import get_winograd
from ..engine.derived_weights import DerivedWeights
from ..engine.dtypes import STRING, is_of_strings
from ..engine.operations.stored_kernels import STORAGES
from ..layers.base import Layer
from ..layers.input_spec import check_inputs as check_spec
from ..layers.sizes import has_unknown_sizes, sizes_fit
from ..layers.sublayers import layers_within, set_paths
from ..threads import get_num_threads
from .arrays import check_inputs, fill, parts
from .edits import Edits
from .execution import Programs
from .graphs import inference
from .structures import is_missing

#: Limit on the shapes of samples of which a model remembers that it takes them.
_MOST_CHECKED = 256


class OutputStructure(NamedTuple):
    """The shapes and names of the outputs of a built model."""

    shape: tuple | list | dict
    names: list
    several: bool  # whether the output is a list or dict


class Planned(Layer):
    """The base class of layers that run as planned programs. A subclass defines `call` and `build`."""

    unwatched = Layer.unwatched | {
        "_active_within", "_additions", "_any_size", "_checked", "_derived_weights", "_dtypes_given", "_edits", "_input_dtypes",
        "_input_layer", "_inputs", "_layers", "_optional", "_output_structure", "_outputs", "_programs", "_sample_dtype",
        "_sample_shape", "_samples", "_seen_within", "_tensor", "autotune", "nodes", "rng",
    }  # fmt: skip
    takes_lists = takes_dicts = takes_strings = True

    def __init__(self, *, name=None, rng=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.rng = generator(rng)
        self.autotune = False
        self.quantization = None  # `Quantization` of the predictions of a model that `striate.quantization` made
        self._low_precision = None  # "bfloat16", or None for the dtype of the weights
        self._weight_dtype = None  # "int8" or "bfloat16", or None for the dtype of the weights
        self._programs = Programs()
        self._derived_weights = DerivedWeights()
        self._edits = Edits()
        self._output_structure = None  # `OutputStructure` of a built model
        self._active_within = False  # whether some layer is active when the model is called without `training`
        self._samples = ()  # shapes of the inputs without the batch axis
        self._input_dtypes = ()  # dtypes of the inputs
        self._optional = ()  # whether each input may be None, if any may
        self._dtypes_given = ()  # dtypes of the first inputs of a model without an `Input`
        self._any_size = False  # whether the model was built for inputs of unknown sizes
        self._checked = set()  # shapes of samples that the model has been found to take
        self._sample_shape = None  # shape without the batch axis, for a model with one input of fixed size
        self._sample_dtype = None  # dtype of such an input
        self._additions = 0  # number of times that a layer was added or removed
        self._seen_within = []  # (model, value of its `_additions`) of the models within this one

    def _structure_changed(self):
        """Update what depends on the model's structure, and drop its programs."""
        self._programs.clear()
        self._checked.clear()
        if self.built:
            set_paths(self)
            shape = self._output_shape_for(self.input_shape)
            self._output_structure = OutputStructure(shape, self._names_of_outputs(shape), isinstance(shape, OF_SHAPES))
            self._samples = tuple(tuple(shape[1:]) for shape in flat_shapes(self.input_shape))
            self._input_dtypes = self._dtypes_of_inputs()
            self._active_within = any(layer.active_when_called for layer in layers_within(self))
            self._any_size = has_unknown_sizes(self.input_shape)
            alone = isinstance(self.input_shape, tuple) and not self._any_size
            self._sample_shape, self._sample_dtype = (self._samples[0], self._input_dtypes[0]) if alone else (None, None)
            within = (layer for layer in layers_within(self) if isinstance(layer, Planned))
            self._seen_within = [(model, model._additions) for model in within]

    @property
    def dtype_policy(self):
        """The precision of `predict` and `evaluate`: the dtype of the weights, or "bfloat16" where that is set.

        With "bfloat16", a float32 model rounds inputs, weights and activations to bfloat16, the upper 16 bits of a float32
        value, and accumulates their products in float32: two or three significant digits, and faster on processors with
        instructions for such products (AVX512-BF16, AMX). The weights themselves stay as they are. Operations without such a
        kernel compute in float32, and so does training. Nested models compute as this one does, a copy by `clone_model` has the
        dtype of its weights, and a model that `striate.quantization.quantize` made uses 8-bit integers.

        Raises
        ------
        ValueError
            If it is set to anything but "bfloat16" and `dtype`, or to "bfloat16" in a model whose dtype is not float32.
        """
        return self._low_precision or self.dtype

    @dtype_policy.setter
    def dtype_policy(self, policy):
        policy = choice("dtype_policy", policy, (self.dtype, "bfloat16") if self.dtype == "float32" else (self.dtype,))
        self._low_precision = None if policy == self.dtype else policy
        self._derived_weights = DerivedWeights()  # The old ones are of another precision.

    @property
    def weight_dtype(self):
        """How `predict` and `evaluate` read the weights of large dense layers: their dtype, "int8" or "bfloat16".

        A prediction for one image, or a few, takes as long as memory takes to deliver the weights of such layers, most of those
        of AlexNet and VGG. With "int8", they are read as 8-bit integers with a scale for each unit, in a quarter of the time;
        with "bfloat16", as the upper 16 bits of float32 values. Both are rounded to the nearest. Sums are of float32 all the
        same, on any processor, and no images are needed to find ranges, unlike for `striate.quantization.quantize`. The weights
        themselves stay as they are, and are rounded again when they have changed. Kernels of less than 1 MB are not rounded.
        Nested models compute as the outer one does.

        Raises
        ------
        ValueError
            If it is set to anything else, or in a model whose dtype is not float32.

        Examples
        --------
        >>> import numpy as np
        >>> from striate import Sequential, layers
        >>> model = Sequential([layers.Input((1024,)), layers.Dense(512, activation="relu"), layers.Dense(10)], rng=0)
        >>> x = np.random.default_rng(0).random((1, 1024), np.float32)
        >>> before = model.predict(x, verbose=0)
        >>> model.weight_dtype = "int8"
        >>> bool(0 < abs(model.predict(x, verbose=0) - before).max() < 0.01)
        True
        """
        return self._weight_dtype or self.dtype

    @weight_dtype.setter
    def weight_dtype(self, dtype):
        dtype = choice("weight_dtype", dtype, (self.dtype, *STORAGES) if self.dtype == "float32" else (self.dtype,))
        self._weight_dtype = None if dtype == self.dtype else dtype
        self._derived_weights = DerivedWeights()  # The old ones are of another precision.

    @property
    def output_shape(self):
        """Shape of the output, or a structure of them, with None for the batch; None for a model that is not built."""
        return self._output_structure.shape if self._output_structure else None

    @property
    def _input_names(self):
        return None

    def _has_fixed_size(self):
        """Return whether all samples are of one size, as they are in a model with an `Input` that has no None."""
        return False

    def _check_built_for(self, input_shape):
        shapes = flat_shapes(input_shape)
        fits = len(shapes) == len(self._samples) and all(map(sizes_fit, [shape[1:] for shape in shapes], self._samples))
        if self._has_fixed_size() and not fits:
            raise ValueError(
                f"input_shape={shown(input_shape)} differs from {self.input_shape}, for which model {self.name!r} is built; "
                "expected the same"
            )

    def _dtypes_of_inputs(self):
        return self._dtypes_given or (self.dtype,) * len(self._samples)

    def _dtypes_of_arrays(self, arrays):
        return self._input_dtypes if len(self._input_dtypes) == len(arrays) else super()._dtypes_of_arrays(arrays)

    def _names_of_outputs(self, shape):
        """Return the names of outputs of a given shape, for losses, metrics and logs: their keys in dicts."""
        paths = paths_in(shape, OF_SHAPES)
        return names_at(paths, [f"output_{i}" if path else "output" for i, path in enumerate(paths)])

    def _lend(self, make, batch, x, *more, trainable=None):
        """Lend a program for batches of a given size, of samples like those in `x`.

        `make` returns the arguments of its `Plan`, and takes `more` as further arguments; `trainable` is whatever else that
        depends on.
        """
        self._take_note_of_edits()
        fixed = self._has_fixed_size() and not (self._optional and any(map(is_missing, x)))
        samples = tuple(tuple(each.shape[1:]) for each in x) if x and not fixed else None
        key = (make, batch, get_num_threads(), get_winograd(), self.autotune, samples, more, trainable)
        return self._programs.lend(key, make, (self, batch, self._samples if samples is None else samples, *more))

    def _take_note_of_edits(self):
        """Take note of attributes that have changed since the programs were made."""
        if self._edits.found(self):
            self._find_sublayers(self.rng)
            self._structure_changed()

    def _require_built(self):
        if not self.built:
            raise ValueError("the model is not built; expected an Input as the first layer, or build(input_shape) before")

    def plan(self, batch_size, x=None):
        """Return the plan of how the model's output is computed for batches of a given size.

        Parameters
        ----------
        batch_size : int
            Samples computed at once.
        x : ndarray, or a structure of them, optional
            Inputs of the size to plan for, if the model takes inputs of any size.

        Returns
        -------
        Plan
            Its `report` tells what is computed and how, and, after its `measure`, how long each operation takes.
        """
        self._require_built()
        if self._any_size and x is None:
            raise ValueError(
                f"the model takes inputs of shape {self.input_shape}, of any size; expected x, which determines it"
            )
        arrays = [] if x is None else leaves(x)
        with self._lend(inference, integer("batch_size", batch_size, 1, LARGEST), arrays) as executable:
            return executable.plan

    def _check_inputs(self, x):
        """Return checked inputs as a list; build the model for them if it is not built yet."""
        if self._seen_within and any(model._additions != seen for model, seen in self._seen_within):
            self._structure_changed()
        if self.input_spec is not None:
            check_spec(self, mapped(np.asarray, x))
        elif type(x) is np.ndarray and x.shape[1:] == self._sample_shape and x.dtype == self._sample_dtype and len(x):
            return [x]  # Most calls pass such an array, which needs none of the slower checks below.
        dtypes = self._input_dtypes or [STRING if holds_strings(each) else self.dtype for each in leaves(x)]
        structure, arrays = check_inputs(x, self.input_shape, self._input_names, dtypes, self._optional)
        if not self.built:
            self._dtypes_given = tuple(STRING if is_of_strings(array.dtype) else self.dtype for array in arrays)
        samples = tuple(array.shape[1:] for array in arrays)
        if samples in self._checked:
            return arrays
        shapes = [array.shape for array in arrays]
        if self._optional:
            shapes = [
                (shape[0], *wanted) if is_missing(array) else shape
                for array, shape, wanted in zip(arrays, shapes, self._samples, strict=True)
            ]
        self.ensure_built(like_shapes(structure, shapes), self.rng)
        fixed = self._has_fixed_size() or self._any_size
        if fixed and not all(sizes_fit(shape[1:], expected) for shape, expected in zip(shapes, self._samples, strict=True)):
            raise ValueError(
                f"x has samples of shape {', '.join(str(shape[1:]) for shape in shapes)}; expected "
                f"{', '.join(map(str, self._samples))}, as the model was built for"
            )
        if len(self._checked) >= _MOST_CHECKED:
            self._checked.clear()
        self._checked.add(samples)
        return arrays

    def _compute(self, x, training, rng):
        """Return the output for arrays (batch, ...), computed as one batch."""
        if isinstance(x, Arguments):
            return super()._compute(x, training, self.rng if rng is None else rng)
        arrays = self._check_inputs(x)
        rng = self.rng if rng is None else generator(rng)
        if training or (training is None and self._active_within):
            return super()._compute(structured(self.input_shape, arrays), training, rng)
        with self._lend(inference, len(arrays[0]), arrays) as executable:
            if executable.plan.graph.losses or self._added_losses:  # A program for predictions does not compute losses.
                return super()._compute(structured(self.input_shape, arrays), False, rng)
            for place, array in zip(executable.inputs, arrays, strict=True):
                place[...] = array
            executable.run(rng)
            if not self._output_structure.several:
                return executable.outputs[0].copy()
            return self._structured([output.copy() for output in executable.outputs])

    def _structured(self, outputs):
        """Return one array, or a structure of them for a model that returns one."""
        return structured(self._output_structure.shape, outputs)

    def _predictions(self, arrays, batch_size):
        """Yield the outputs for each batch of arrays, in the memory of a program, which the next batch overwrites."""
        for part in parts(len(arrays[0]), batch_size):
            with self._lend(inference, part.stop - part.start, arrays) as executable:
                fill(executable.inputs, arrays, part)
                executable.run(self.rng)
                yield executable.outputs


def names_at(paths, names):
    """Return the names of outputs at paths in a structure, which end with a key of a dict, or else with one of `names`."""
    ends = [path[-1] if path and isinstance(path[-1], str) else name for path, name in zip(paths, names, strict=True)]
    return ["/".join(map(str, (*path[:-1], end))) for path, end in zip(paths, ends, strict=True)]
