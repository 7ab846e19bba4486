"""How models run: compiling, training, evaluating and predicting, each batch by one program."""

from typing import NamedTuple

import numpy as np

from .. import optimizers
from .._checks import LARGEST, boolean, choice, integer, number, shown
from .._randomness import generator
from ..algorithms import get_winograd
from ..callbacks import CallbackList, History, ProgressBar
from ..callbacks.base import keeps_state
from ..engine.derived_weights import DerivedWeights
from ..layers.base import Layer
from ..layers.sizes import has_unknown_sizes, sizes_fit
from ..layers.sublayers import layers_within
from ..layers.symbolic import flat, flat_shapes, is_structure_of_shapes
from ..threads import get_num_threads
from . import loops
from .arrays import check_batch_size, check_inputs, check_steps, fill, is_of_samples, joined, parts
from .edits import Edits
from .execution import Programs
from .feeding import ArrayBatches, Batch, StreamBatches, is_stream, unpack
from .graphs import inference, training_step
from .logs import Logs
from .loops import Validation
from .objectives import choose_objectives, metrics_with_keys
from .preparation import make_batches, make_validation_batches, prepare, weigh_classes

#: Methods that Keras' models call in each step; here a step is one program.
_STEPS = ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics")


class OutputStructure(NamedTuple):
    """What is known of the outputs of a built model."""

    shape: tuple | list
    names: list
    several: bool  # whether the output is a list


class Trainable(Layer):
    """The base class of models. A subclass defines `call` and `build`."""

    unwatched = Layer.unwatched | {
        "_active_within", "_additions", "_any_size", "_asked_for", "_check_training_state", "_derived_weights", "_edits",
        "_input_layer", "_inputs", "_layers", "_mode", "_objectives", "_objectives_of", "_output_structure", "_outputs",
        "_programs", "_restored", "_sample_shape", "_samples", "_seen_within", "_tensor", "_trained", "_training_state",
        "autotune", "compiled", "history", "nodes", "optimizer", "rng", "stop_training",
    }  # fmt: skip
    takes_several = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in _STEPS:
            if name in vars(cls):
                raise TypeError(
                    f"{cls.__name__} defines {name}, which would never be called, as a step is one program; expected a custom "
                    "loss, metric or layer, `add_loss`, or a loop over `train_on_batch`"
                )

    def __init__(self, *, name=None, rng=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.rng = generator(rng)
        self.compiled = False
        self.stop_training = False
        self.autotune = False
        self.quantization = None  # or the bounds of what is computed: see striate.quantization
        self._low_precision = None  # or "bfloat16"
        self._programs = Programs()
        self._derived_weights = DerivedWeights()
        self._edits = Edits()
        self._output_structure = None  # until the model is built, and
        self._active_within = False  # whether a call on arrays without `training` is training for some layers
        self._samples = ()  # the inputs' shapes without the batch
        self._any_size = False  # whether sizes of an input may differ from call to call
        self._sample_shape = None  # of an input, if there is one, and its size is fixed
        self._objectives = []  # one for each output that is judged
        self._training_state = None  # while `fit` runs, a function that returns the state of its batches and callbacks
        self._check_training_state = None  # and one that refuses what such a state was read as
        self._restored = None  # such a state, for `fit` to begin with
        self._additions = 0  # of layers, and
        self._seen_within = []  # (model, its additions) of models within this one
        self._trained = []  # the weights that steps change, and
        self._mode = ()  # what layers do in training

    def _structure_changed(self):
        """Note that the model's structure has changed."""
        self._programs.clear()
        if self.built:
            shape = self._output_shape_for(self.input_shape)
            self._output_structure = OutputStructure(shape, self._names_of_outputs(shape), is_structure_of_shapes(shape))
            self._match_objectives()
            self._samples = tuple(tuple(shape[1:]) for shape in self._input_shapes)
            self._active_within = any(layer.active_when_called for layer in layers_within(self))
            self._any_size = has_unknown_sizes(self.input_shape)
            self._sample_shape = None if isinstance(self.input_shape, list) or self._any_size else tuple(self.input_shape[1:])
            within = (layer for layer in layers_within(self) if isinstance(layer, Trainable))
            self._seen_within = [(model, model._additions) for model in within]

    def _match_objectives(self):
        """Match outputs with the arguments of `compile`, if the model was not built then or has other outputs now."""
        if self.compiled and self._objectives_of != self._output_structure.names:
            self._objectives = choose_objectives(self._output_structure.names, **self._asked_for)
            self._objectives_of = self._output_structure.names

    @property
    def dtype_policy(self):
        """What `predict` and `evaluate` compute with: the dtype of the weights, or "bfloat16" where that is set.

        With "bfloat16", a model of float32 computes with images, weights and results between layers of 16 bits, float32
        numbers without the lower half of theirs, and sums up products of these in float32: two or three digits, and faster on
        processors that have such products (AVX512-BF16, AMX). The weights themselves stay as they are, and whatever has no such
        kernel for computes in float32, as training does. Models within this one compute as this one does, a copy by
        `clone_model` has the dtype of its weights, and a model that `striate.quantization.quantize` made has 8-bit integers.

        Raises
        ------
        ValueError
            If it is set to anything but "bfloat16" and `dtype`, or to "bfloat16" in a model of another dtype than float32.
        """
        return self._low_precision or self.dtype

    @dtype_policy.setter
    def dtype_policy(self, policy):
        policy = choice("dtype_policy", policy, (self.dtype, "bfloat16") if self.dtype == "float32" else (self.dtype,))
        self._low_precision = None if policy == self.dtype else policy
        self._derived_weights = DerivedWeights()  # those of another precision are of no use any longer

    @property
    def _input_shapes(self):
        return self.input_shape if isinstance(self.input_shape, list) else [self.input_shape]

    @property
    def output_shape(self):
        """Shape of the output, or a list of them, with None for the batch; None for a model that is not built."""
        return self._output_structure.shape if self._output_structure else None

    # ------------------------------------------------------------------------------------------------------- programs

    def _lend(self, kind, make, batch, x, *more):
        """Lend a program for batches of a size, of samples as in the arrays `x`; `more` are further arguments of `make`."""
        self._take_note_of_edits()
        samples = tuple(tuple(each.shape[1:]) for each in x) if self._any_size else None
        mode = None if kind == "predict" else self._mode
        key = (kind, batch, get_num_threads(), get_winograd(), self.autotune, samples, more, mode)
        return self._programs.lend(key, make, (self, batch, self._samples if samples is None else samples, *more))

    def _lend_for(self, kind, make, batch):
        """Lend a program for a `Batch`, with its targets and weights."""
        y, weights = (tuple((array.shape[1:], array.dtype) for array in arrays) for arrays in (batch.y, batch.weights or []))
        return self._lend(kind, make, batch.size, batch.x, y, weights)

    def _take_note_of_edits(self):
        """Take note of attributes that were changed since programs were made."""
        if self._edits.found(self):
            self._find_sublayers(self.rng)
            self._structure_changed()

    def _take_note_of_trainable(self):
        """Take note of which weights are trainable, which penalties depend on, too."""
        self._take_note_of_edits()
        self._trained = self.trainable_weights
        self._mode = (id(self.optimizer), *map(id, self._trained), *[layer.trainable for layer in layers_within(self)])

    def plan(self, batch_size, x=None):
        """Return how the model's output is computed for batches of a size.

        Parameters
        ----------
        batch_size : int
            Samples computed at once.
        x : ndarray, or a list of them, optional
            Inputs of the size that is meant, for a model that takes any.

        Returns
        -------
        Plan
            Its `report` tells what is computed and how; after its `measure` also how long each operation takes.
        """
        self._require_built()
        if self._any_size and x is None:
            raise ValueError(
                f"the model takes inputs of shape {self.input_shape}, of any size; expected x, which determines it"
            )
        with self._lend("predict", inference, integer("batch_size", batch_size, 1, LARGEST), flat(x)) as executable:
            return executable.plan

    # ------------------------------------------------------------------------------------------------------- compiling

    @property
    def _input_names(self):
        return None

    def _names_of_outputs(self, shape):
        """Return names of the outputs, whose shape is given, for losses, metrics and logs."""
        return [f"output_{i}" for i in range(len(shape))] if is_structure_of_shapes(shape) else ["output"]

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        loss_weights=None,
        metrics=None,
        weighted_metrics=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
        auto_scale_loss=True,
        *,
        autotune=False,
    ):
        """Choose how the model is trained and judged.

        Parameters
        ----------
        optimizer : str or Optimizer
            "sgd", "adam", or an instance from `striate.optimizers`.
        loss : str or Loss, or a list or dict of them
            "sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error" ("mse"), or an instance from
            `striate.losses`; for a model of several outputs one for all, or one for each, in order or by the name of the
            output's layer. An output whose loss is None is not trained, and needs no targets.
        loss_weights : list or dict of float, optional
            What the losses of several outputs are multiplied by before they are added up; ones if None.
        metrics : list of str or Metric, optional
            "accuracy", "mse", …, or instances from `striate.metrics`; for several outputs a list or dict of such lists.
        weighted_metrics : list of str or Metric, optional
            As `metrics`; these take the weights of samples into account.
        run_eagerly, steps_per_execution, jit_compile, auto_scale_loss
            Accepted for programs written for Keras, and without effect: a step is one program.
        autotune : bool
            Whether the algorithms of convolutions are chosen by measurement when a batch size is first seen, for training and
            for prediction; models that are not compiled have it as an attribute. Choices are remembered in the user's cache
            (``STRIATE_CACHE`` names another folder). The last bits of results then depend on the machine.

        Raises
        ------
        TypeError, ValueError
            If one of them is unknown.
        """
        optimizer = optimizers.get(optimizer)
        names = self._output_structure.names if self._output_structure else None
        self._objectives = choose_objectives(names, loss, metrics, loss_weights, weighted_metrics)
        self._objectives_of = names
        self._asked_for = {
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "weighted_metrics": weighted_metrics,
        }
        self.optimizer = optimizer
        self.autotune = boolean("autotune", autotune)
        self.compiled = True
        self._programs.clear()

    @property
    def loss(self):
        """The loss, a list of those of the outputs that have one, or None without any."""
        losses = [objective.loss for objective in self._objectives]
        return losses if len(losses) > 1 else losses[0] if losses else None

    @property
    def metrics(self):
        """The metrics, those of all outputs together."""
        return [metric for each in self._objectives for metric in (*each.metrics, *each.weighted_metrics)]

    def metrics_by_key(self):
        """Return the metrics in a dict, by their keys in the logs."""
        several = len(self._output_structure.names) > 1 if self._output_structure else len(self._objectives) > 1
        return {key: metric for key, _, metric, _ in metrics_with_keys(self._objectives, several)}

    @property
    def metrics_names(self):
        """The keys of loss and metrics in the logs."""
        objectives = self._objectives
        outputs = [f"{each.name}_loss" for each in objectives] if len(objectives) > 1 else []
        return ["loss", *outputs, *self.metrics_by_key()]

    def reset_metrics(self):
        """Forget the batches that the metrics have seen."""
        for metric in self.metrics:
            metric.reset_state()

    # --------------------------------------------------------------------------------------------------------- running

    def _check_inputs(self, x):
        """Return inputs, checked, for a model that is built for them."""
        if self._seen_within and any(model._additions != seen for model, seen in self._seen_within):
            self._structure_changed()
        if type(x) is np.ndarray and x.shape[1:] == self._sample_shape and x.dtype == self.dtype and len(x):
            return [x]  # what most calls pass, without the slower checks
        arrays = check_inputs(x, self._input_names, self.dtype)
        shapes = [array.shape for array in arrays]
        self.ensure_built(shapes if len(shapes) > 1 or isinstance(self.input_shape, list) else shapes[0], self.rng)
        if not all(sizes_fit(shape[1:], expected) for shape, expected in zip(shapes, self._samples, strict=True)):
            raise ValueError(
                f"x has samples of shape {', '.join(str(shape[1:]) for shape in shapes)}; expected "
                f"{', '.join(map(str, self._samples))}, as the model was built for"
            )
        return arrays

    def _compute(self, x, training, rng):
        """Return the output for arrays (batch, ...), in one go."""
        arrays = self._check_inputs(x)
        rng = self.rng if rng is None else generator(rng)
        if training or (training is None and self._active_within):
            return super()._compute(arrays if isinstance(self.input_shape, list) else arrays[0], training, rng)
        with self._lend("predict", inference, len(arrays[0]), arrays) as executable:
            for place, array in zip(executable.inputs, arrays, strict=True):
                place[...] = array
            executable.run(rng)
            if not self._output_structure.several:
                return executable.outputs[0].copy()
            return [output.copy() for output in executable.outputs]

    def _structured(self, outputs):
        """Return one array, or a list for a model that returns a list."""
        return outputs if self._output_structure.several else outputs[0]

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """Take one training step on a batch.

        Parameters
        ----------
        x : ndarray, shape (batch, ...), or a list of them
            Inputs.
        y : array_like, shape (batch, ...), or a list of them
            Targets, as the loss wants them.
        sample_weight, class_weight
            As for `fit`.
        return_dict : bool
            Whether to return a dict.

        Returns
        -------
        float, list of float or dict of str to float
            The loss before the step if there is nothing else; loss, the outputs' losses if there are several, and metrics
            otherwise.
        """
        return_dict = boolean("return_dict", return_dict)
        prepared = weigh_classes(self, prepare(self, x, y, sample_weight), class_weight)
        self._take_note_of_trainable()
        logs = Logs(self)
        self._train_step(Batch(*prepared, slice(0, len(prepared[0][0]))), logs)
        return _results(logs.read(), return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Return loss and metrics on a batch: see `evaluate`."""
        return self.evaluate(x, y, batch_size=_samples(x), sample_weight=sample_weight, return_dict=return_dict)

    def predict_on_batch(self, x):
        """Return the output for a batch: see `predict`."""
        return self.predict(x, batch_size=_samples(x))

    def _train_step(self, batch, logs):
        """Take a step on a batch, and take it into account in `logs`."""
        with self._lend_for("train", training_step, batch) as executable:
            fill(executable.inputs, batch.arrays, batch.part)
            self.optimizer.begin_step()
            executable.run(self.rng)
            logs.update(batch, executable.outputs)
            self.optimizer.end_step(self._trained)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
        rng=None,
    ):
        """Train the model.

        Parameters
        ----------
        x : ndarray, shape (samples, ...), a list or dict of them, or something that yields batches
            Inputs, converted to the model's dtype. Or an iterable (a `striate.data.DataLoader`, a generator …) or a sequence
            with ``__len__`` and ``__getitem__``, of batches (x, y) or (x, y, sample_weight).
        y : array_like, shape (samples, ...), or a list or dict of them
            Targets, as the loss wants them; None where `x` yields them.
        batch_size : int, optional
            Samples a step; 32 if None. The last batch of an epoch may be smaller.
        epochs : int
            Number of the last epoch: how often all samples are seen, if training begins with epoch 0. With 0 nothing is done.
        verbose : {"auto", 0, 1, 2}
            0 prints nothing, 1 (and "auto") shows progress, 2 prints one line an epoch.
        callbacks : Callback, or list of them, optional
            Told of the training as it goes.
        validation_split : float
            The last part of the samples, as they come, to validate on instead of training.
        validation_data : tuple (x, y) or (x, y, sample_weight), or something that yields batches, optional
            What to validate on after epochs.
        shuffle : bool
            Whether each epoch sees the samples, or the batches of a sequence, in a new order.
        class_weight : dict of int to float, optional
            What the loss of samples is multiplied by in training, by their class; 1 for those left out. For models of one
            output.
        sample_weight : float, array_like of shape (samples,), or a list or dict of them, optional
            What the loss of each sample is multiplied by; the mean is still one over the number of samples.
        initial_epoch : int
            Number of the first epoch.
        steps_per_epoch : int, optional
            Batches of an epoch, the next one going on where it ended; None for as many as there are.
        validation_steps : int, optional
            Batches to validate on; None for as many as there are.
        validation_batch_size : int, optional
            Samples computed at once in validation; `batch_size` if None.
        validation_freq : int or list of int
            The model is validated after each such number of epochs, or after the epochs of these numbers, counted from 1.
        rng : None, int or numpy.random.Generator
            Source of random numbers for this training; the model's own if None.

        Returns
        -------
        History
            Loss and metrics after each epoch.

        Raises
        ------
        RuntimeError
            If the model is not compiled.
        TypeError, ValueError
            If the data do not fit the model, before anything is computed.
        """
        batch_size = check_batch_size(batch_size)
        epochs = integer("epochs", epochs, 0)
        initial_epoch = integer("initial_epoch", initial_epoch, 0)
        steps = check_steps("steps_per_epoch", steps_per_epoch)
        if not isinstance(validation_freq, (list, tuple)):
            validation_freq = integer("validation_freq", validation_freq, 1)
        verbose = choice("verbose", int(verbose) if isinstance(verbose, (bool, np.bool_)) else verbose, ("auto", 0, 1, 2))
        validation_settings = (
            check_batch_size(batch_size if validation_batch_size is None else validation_batch_size, "validation_batch_size"),
            check_steps("validation_steps", validation_steps),
        )
        validation_split = number(
            "validation_split", 0.0 if validation_split is None else validation_split, 0, 1, open_maximum=True
        )
        validation_feed = None
        if validation_data is not None:
            validation_feed = make_validation_batches(self, validation_data, *validation_settings)
        elif validation_split and is_stream(x):
            raise ValueError(
                f"validation_split={shown(validation_split)} needs arrays; expected validation_data beside a stream"
            )
        shuffle = boolean("shuffle", shuffle)
        feed = make_batches(self, x, y, sample_weight, batch_size, steps, class_weight, shuffle, goes_on=True)
        if validation_split and validation_feed is None:
            feed, validation_feed = feed.split(validation_split, validation_settings[0])
        if isinstance(feed, ArrayBatches):
            feed.arrays = weigh_classes(self, feed.arrays, class_weight)
        validation = None if validation_feed is None else Validation(validation_feed, validation_freq)

        params = {"epochs": epochs, "steps": feed.steps, "batch_size": batch_size, "verbose": verbose}
        listeners = CallbackList(callbacks, self, params)
        stateful = [callback for callback in listeners if keeps_state(callback)]
        listeners.append(history := History())
        if verbose:
            listeners.append(ProgressBar(1 if verbose == "auto" else verbose))
        self.stop_training = False
        self.history = history
        own_rng = self.rng
        if rng is not None:
            self.rng = generator(rng)
        try:
            logs = loops.train(self, feed, validation, initial_epoch, epochs, listeners, stateful)
        finally:
            if rng is not None:
                self.rng = own_rng
            self._training_state = self._check_training_state = None
            feed.close()
        if self.built:
            self.optimizer.finish(self._trained)
        listeners.notify("on_train_end", logs)
        return history

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
    ):
        """Return loss and metrics on data.

        Parameters
        ----------
        x : ndarray, shape (samples, ...), a list or dict of them, or something that yields batches
            Inputs, as for `fit`.
        y : array_like, shape (samples, ...), or a list or dict of them
            Targets; None where `x` yields them.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for programs written for Keras; nothing is printed.
        sample_weight : float, array_like of shape (samples,), or a list or dict of them, optional
            What the loss of each sample is multiplied by.
        steps : int, optional
            Batches to take; None for as many as there are.
        callbacks : Callback, or list of them, optional
            Told of the evaluation.
        return_dict : bool
            Whether to return a dict instead of a list.

        Returns
        -------
        float, list of float or dict of str to float
            The loss if there is nothing else; loss, the outputs' losses if there are several, and metrics otherwise.
        """
        steps = check_steps("steps", steps)
        return_dict = boolean("return_dict", return_dict)
        listeners = CallbackList(callbacks, self, {"verbose": verbose, "steps": steps})
        feed = make_batches(self, x, y, sample_weight, check_batch_size(batch_size), steps)
        return _results(loops.evaluate(self, feed, listeners), return_dict)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Return the model's output for data, computed batch by batch.

        Several threads may call it at the same time, but not while one trains the model or sets its weights.

        Parameters
        ----------
        x : ndarray, shape (samples, ...), a list or dict of them, or something that yields batches
            Inputs, converted to the model's dtype; of batches (x, y) the y is ignored.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for programs written for Keras; nothing is printed.
        steps : int, optional
            Batches to take; None for as many as there are.
        callbacks : Callback, or list of them, optional
            Told of the prediction.

        Returns
        -------
        ndarray, shape (samples, ...), or a list of them
            Outputs that are not made of samples one by one, such as sums over a batch, are joined along their first axis, as in
            Keras; numbers become an array with one for each batch.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model.
        """
        batch_size = check_batch_size(batch_size)
        steps = check_steps("steps", steps)
        listeners = None if callbacks is None else CallbackList(callbacks, self, {"verbose": verbose, "steps": steps})
        if is_stream(x):
            feed = StreamBatches(x, lambda item: (self._check_inputs(unpack(item)[0]), [], None, []), False, steps)
            batches = (flat(self._compute(batch.x, False, None)) for batch in feed.epoch(self.rng))
            results = [joined(each) for each in zip(*loops.predict(batches, listeners, self._structured), strict=True)]
            if not results:
                raise ValueError("x yielded no batch; expected at least one")
            return self._structured(results)
        arrays = self._check_inputs(x)
        if steps is not None:
            arrays = [array[: steps * batch_size] for array in arrays]
        results = []
        predictions = loops.predict(self._predictions(arrays, batch_size), listeners, self._structured)
        for part, outputs in zip(parts(len(arrays[0]), batch_size), predictions, strict=True):
            results = results or [
                np.empty((len(arrays[0]), *y.shape[1:]), y.dtype) if is_of_samples(y, shape, part) else []
                for y, shape in zip(outputs, flat_shapes(self._output_structure.shape), strict=True)
            ]
            for result, y in zip(results, outputs, strict=True):
                if isinstance(result, list):  # outputs that are not made of samples are collected one by one
                    result.append(y.copy())
                else:
                    result[part] = y
        return self._structured([joined(each) if isinstance(each, list) else each for each in results])

    def _predictions(self, arrays, batch_size):
        """Yield the outputs for each batch of arrays, in memory of programs, which the next ones overwrite."""
        for part in parts(len(arrays[0]), batch_size):
            with self._lend("predict", inference, part.stop - part.start, arrays) as executable:
                fill(executable.inputs, arrays, part)
                executable.run(self.rng)
                yield executable.outputs


def _samples(x):
    """Return how many samples a batch has, at least 1: an empty one raises an error later."""
    try:
        return max(len(flat([*x.values()] if isinstance(x, dict) else x)[0]), 1)
    except (TypeError, IndexError):
        raise TypeError(f"x={shown(x)} is not a batch; expected an array (samples, ...), or a list of them") from None


def _results(logs, return_dict):
    """Return logs as a dict, or as the list of their values, or the loss alone if that is all."""
    if return_dict:
        return logs
    return list(logs.values()) if len(logs) > 1 else logs["loss"]
