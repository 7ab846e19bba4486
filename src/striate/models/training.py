"""Training, evaluation and prediction: each batch is computed by one program."""

import numpy as np

from .. import config
from .._common.checks import boolean, choice, integer, number, shown
from .._common.errors import suggesting
from .._common.randomness import generator
from .._common.structures import flat_shapes, leaves, structured
from ..callbacks import CallbackList, History, ProgressBar, TerminateOnNaN
from ..callbacks.listeners import keeps_state
from ..layers.sublayers import layers_within
from ..losses.targets import allowing_non_finite_targets
from . import loops
from .arrays import check_batch_size, check_steps, fill, is_of_samples, joined, parts
from .feeding import ArrayBatches, Prepared, StreamBatches, is_stream, unpack
from .graphs import evaluation, training_step
from .logs import Logs
from .loops import Validation
from .preparation import make_batches, make_validation_batches, prepare, weigh_classes
from .steps import StepLogs, Stepped


class Trainable(Stepped):
    """The base class of models that can be trained, evaluated and used. A subclass defines `call` and `build`."""

    unwatched = Stepped.unwatched | {
        "_check_training_state", "_restored", "_trainable_parts", "_trained", "_training_state", "history", "stop_evaluating",
        "stop_predicting", "stop_training",
    }  # fmt: skip

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.stop_training = self.stop_evaluating = self.stop_predicting = False
        self._training_state = None  # function that returns the state of batches and callbacks, while `fit` runs
        self._check_training_state = None  # function that raises an error for a state that does not fit, while `fit` runs
        self._restored = None  # path and state of a training that `fit` continues
        self._trained = []  # weights that training steps change
        self._trainable_parts = ()  # what programs with losses depend on: the optimizer, and what is trainable

    def _take_note_of_trainable(self):
        """Take note of which weights are trainable, which decides which are updated and which penalties are added."""
        self._take_note_of_edits()
        self._trained = self.trainable_weights
        layers = layers_within(self)
        self._trainable_parts = (id(self.optimizer), *map(id, self._trained), *[layer.trainable for layer in layers])

    def _lend_for(self, make, batch):
        """Lend a program for a `Batch`, with its targets and weights."""
        y, weights = (tuple((array.shape[1:], array.dtype) for array in arrays) for arrays in (batch.y, batch.weights or []))
        return self._lend(make, batch.size, batch.x, y, weights, trainable=self._trainable_parts)

    @suggesting
    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """Take one training step on a batch.

        Parameters
        ----------
        x : ndarray, shape (batch, ...), or a structure of them
            Inputs.
        y : array_like, shape (batch, ...), or a structure of them
            Targets, as the loss takes them.
        sample_weight, class_weight
            As for `fit`.
        return_dict : bool
            Whether to return a dict instead of a list.

        Returns
        -------
        float, list of float or dict of str to float
            The loss before the step, if there is nothing else; otherwise the loss, the losses of the outputs if there are
            several, and the metrics.
        """
        return_dict = boolean("return_dict", return_dict)
        prepared = weigh_classes(self, prepare(self, x, y, sample_weight, split=False), class_weight)
        self._take_note_of_trainable()
        logs = self._new_logs("train_step")
        self._train_batch(prepared.whole(), logs)
        return _results(logs.read(), return_dict)

    @suggesting
    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Return loss and metrics for a batch: see `evaluate`."""
        return self.evaluate(x, y, batch_size=_samples(x), sample_weight=sample_weight, return_dict=return_dict)

    @suggesting
    def predict_on_batch(self, x):
        """Return the output for a batch: see `predict`."""
        return self.predict(x, batch_size=_samples(x))

    def _new_logs(self, method):
        """Return the logs of an epoch of a step, "train_step" or "test_step"."""
        return StepLogs(self, method) if self.has_own_steps else Logs(self)

    def _test_batch(self, batch, logs):
        """Evaluate the model on a batch, and update `logs`."""
        if self.has_own_steps:
            logs.run(batch)
            return
        with self._lend_for(evaluation, batch) as executable:
            fill(executable.inputs, batch.arrays, batch.part)
            executable.run(self.rng)
            logs.update(batch, executable.outputs)

    def _train_batch(self, batch, logs):
        """Take a training step on a batch, and update `logs`."""
        if self.has_own_steps:
            logs.run(batch)
            return
        with self._lend_for(training_step, batch) as executable:
            fill(executable.inputs, batch.arrays, batch.part)
            self.optimizer.begin_step()
            executable.run(self.rng)
            logs.update(batch, executable.outputs)
            self.optimizer.end_step(self._trained)

    @suggesting
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
            Inputs, converted to the dtypes of the model's inputs, in their structure or in a dict by their names; or an
            iterable (a `striate.data.DataLoader`, a generator …) or a sequence with ``__len__`` and ``__getitem__``, of batches
            (x, y) or (x, y, sample_weight).
        y : array_like, shape (samples, ...), or a list or dict of them
            Targets, as the loss takes them, in the structure of the outputs or in a dict by their names; None where `x`
            yields them. NaN and infinity are an error, unless a `TerminateOnNaN` among the callbacks watches the loss.
        batch_size : int, optional
            Samples per step; 32 if None. The last batch of an epoch may be smaller.
        epochs : int
            Epoch before which training ends, counted from 0: the number of epochs, if `initial_epoch` is 0. With 0 nothing is
            done.
        verbose : {"auto", 0, 1, 2}
            0 prints nothing, 1 (and "auto") shows progress, 2 prints one line per epoch.
        callbacks : Callback, or list of them, optional
            Called during the training.
        validation_split : float
            Fraction of the samples, taken from the end, to validate on instead of training on it.
        validation_data : tuple (x, y) or (x, y, sample_weight), or something that yields batches, optional
            Data to validate on after epochs.
        shuffle : bool
            Whether each epoch sees the samples, or the batches of a sequence, in a new order.
        class_weight : dict of int to float, optional
            Factors of the loss of samples in training, by class; 1 for classes left out. Only for models with one output.
        sample_weight : float, array_like of shape (samples,), or a list or dict of them, optional
            Factor of the loss of each sample; the sum is still divided by the number of samples.
        initial_epoch : int
            First epoch, counted from 0.
        steps_per_epoch : int, optional
            Batches per epoch, where the next epoch continues where the last one ended; None for as many as there are. An epoch
            ends with the last batch, after fewer than that.
        validation_steps : int, optional
            Batches to validate on; None for as many as there are.
        validation_batch_size : int, optional
            Samples computed at once in validation; `batch_size` if None.
        validation_freq : int or list of int
            Number of epochs between validations, or a list of the epochs to validate after, counted from 1.
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
        if config.max_epochs() is not None:
            epochs = min(epochs, initial_epoch + config.max_epochs())
        if config.max_steps_per_epoch() is not None:
            steps = min(steps or config.max_steps_per_epoch(), config.max_steps_per_epoch())
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
        given = callbacks if isinstance(callbacks, (list, tuple, CallbackList)) else [callbacks]
        watches_for_nan = any(isinstance(each, TerminateOnNaN) for each in given)
        validation_feed = None
        if validation_data is not None:
            with allowing_non_finite_targets(watches_for_nan):
                validation_feed = make_validation_batches(self, validation_data, *validation_settings)
        elif validation_split and is_stream(x):
            raise ValueError(
                f"validation_split={shown(validation_split)} needs arrays; expected validation_data beside a stream"
            )
        shuffle = boolean("shuffle", shuffle)
        with allowing_non_finite_targets(watches_for_nan):
            feed = make_batches(self, x, y, sample_weight, batch_size, steps, class_weight, shuffle, goes_on=True)
        if validation_split and validation_feed is None:
            feed, validation_feed = feed.split(validation_split, validation_settings[0])
        if isinstance(feed, ArrayBatches):
            feed.arrays = weigh_classes(self, feed.arrays, class_weight)
        validation = None if validation_feed is None else Validation(validation_feed, validation_freq)

        params = {"epochs": epochs, "steps": feed.steps, "batch_size": batch_size, "verbose": verbose}
        listeners = CallbackList(callbacks, model=self, **params)
        stateful = [callback for callback in listeners if keeps_state(callback)]
        listeners.append(history := History())
        if verbose:
            listeners.append(ProgressBar(1 if verbose == "auto" else verbose))
        listeners.hold_model_weakly()
        self.stop_training = False
        self.history = history
        own_rng = self.rng
        if rng is not None:
            self.rng = generator(rng)
        try:
            with allowing_non_finite_targets(watches_for_nan):
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

    @suggesting
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
            Accepted for compatibility with Keras; nothing is printed.
        sample_weight : float, array_like of shape (samples,), or a list or dict of them, optional
            Factor of the loss of each sample.
        steps : int, optional
            Batches to take; None for as many as there are.
        callbacks : Callback, or list of them, optional
            Called during the evaluation.
        return_dict : bool
            Whether to return a dict instead of a list.

        Returns
        -------
        float, list of float or dict of str to float
            The loss, if there is nothing else; otherwise the loss, the losses of the outputs if there are several, and the
            metrics.
        """
        steps = check_steps("steps", steps)
        return_dict = boolean("return_dict", return_dict)
        listeners = CallbackList(callbacks, model=self, verbose=verbose, steps=steps)
        listeners.hold_model_weakly()
        feed = make_batches(self, x, y, sample_weight, check_batch_size(batch_size), steps)
        return _results(loops.evaluate(self, feed, listeners), return_dict)

    @suggesting
    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Return the model's output for data, computed batch by batch.

        Several threads may call it at the same time, but not while one trains the model or sets its weights.

        Parameters
        ----------
        x : ndarray, shape (samples, ...), a list or dict of them, or something that yields batches
            Inputs, converted to the model's dtype; the y of batches (x, y) is ignored.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for compatibility with Keras; nothing is printed.
        steps : int, optional
            Batches to take; None for as many as there are.
        callbacks : Callback, or list of them, optional
            Called during the prediction.

        Returns
        -------
        ndarray, shape (samples, ...), or a structure of them
            Outputs without an element for each sample, such as sums over a batch, are concatenated along their first axis, as
            in Keras; scalars become an array with one element for each batch.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model.
        """
        batch_size = check_batch_size(batch_size)
        steps = check_steps("steps", steps)
        listeners = None
        if callbacks is not None:
            listeners = CallbackList(callbacks, model=self, verbose=verbose, steps=steps)
            listeners.hold_model_weakly()
        if self.has_own_prediction:
            return self._predict_own(x, batch_size, steps, listeners)
        if is_stream(x):
            feed = StreamBatches(x, lambda item: Prepared(self._check_inputs(unpack(item)[0]), [], None, []), False, steps)
            batches = (
                leaves(self._compute(structured(self.input_shape, batch.x), False, None)) for batch in feed.epoch(self.rng)
            )
            results = [joined(each) for each in zip(*loops.predict(self, batches, listeners, self._structured), strict=True)]
            if not results:
                raise ValueError("x yielded no batch; expected at least one")
            return self._structured(results)
        arrays = self._check_inputs(x)
        if steps is not None:
            arrays = [array[: steps * batch_size] for array in arrays]
        results = []
        predictions = loops.predict(self, self._predictions(arrays, batch_size), listeners, self._structured)
        for outputs, part in zip(predictions, parts(len(arrays[0]), batch_size), strict=False):  # A callback may end it.
            results = results or [
                np.empty((len(arrays[0]), *y.shape[1:]), y.dtype) if is_of_samples(y, shape, part) else []
                for y, shape in zip(outputs, flat_shapes(self._output_structure.shape), strict=True)
            ]
            for result, y in zip(results, outputs, strict=True):
                if isinstance(result, list):  # Outputs without an element for each sample are concatenated at the end.
                    result.append(y.copy())
                else:
                    result[part] = y
        if results and part.stop < len(arrays[0]):
            results = [each if isinstance(each, list) else each[: part.stop] for each in results]
        return self._structured([joined(each) if isinstance(each, list) else each for each in results])


def _samples(x):
    """Return the number of samples in a batch, at least 1: an empty batch raises an error later."""
    try:
        return max(len(next(each for each in leaves(x) if each is not None)), 1)
    except (TypeError, StopIteration):
        raise TypeError(f"x={shown(x)} is not a batch; expected an array (samples, ...), or a list of them") from None


def _results(logs, return_dict):
    """Return logs as a dict, as a list of their values, or as a number if there is only one, such as the loss."""
    if return_dict:
        return logs
    return next(iter(logs.values())) if len(logs) == 1 else list(logs.values())
