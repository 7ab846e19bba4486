"""How models run: compiling, training, evaluating and predicting, each batch by one program."""

from typing import NamedTuple

import numpy as np

from .. import optimizers
from .._checks import integer
from ..callbacks import History, ProgressBar
from ..engine import Graph, append_gradients, fuse
from ..engine.constants import Constants
from ..engine.operations import append_updates
from ..functional._algorithms import get_winograd
from ..layers.base import Layer, layers_within
from ..layers.symbolic import flat, is_structure_of_shapes
from ..threads import get_num_threads
from .arrays import check_batch_size, check_inputs, check_targets, fill, parts, split_validation
from .execution import Programs
from .objectives import choose_objectives


class Facts(NamedTuple):
    """What follows from a model's structure."""

    output_shape: tuple | list
    output_names: list
    several: bool  # whether the output is a list


class Trainable(Layer):
    """What every model can do, whatever it is made of. A subclass defines `call`, and `build` for itself."""

    def __init__(self, *, name=None, rng=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.rng = np.random.default_rng(rng)
        self.compiled = False
        self.stop_training = False
        self.autotune = False
        self._programs = Programs()
        self._constants = Constants()
        self._facts = None  # until the model is built, and
        self._sample_shape = None  # of an input, if there is one
        self._objectives = []  # one for each output that is judged
        self._additions = 0  # of layers, and
        self._seen_within = []  # (model, its additions) of models within this one
        self._trained = []  # the weights that steps change, and
        self._mode = ()  # what layers do in training

    def _structure_changed(self):
        """Take note that the model computes something else than before."""
        self._programs.clear()
        if self.built:
            shape = self.compute_output_shape(self.input_shape)
            self._facts = Facts(shape, self._names_of_outputs(shape), is_structure_of_shapes(shape))
            self._sample_shape = None if isinstance(self.input_shape, list) else tuple(self.input_shape[1:])
            within = (layer for layer in layers_within(self) if isinstance(layer, Trainable))
            self._seen_within = [(model, model._additions) for model in within]

    @property
    def output_shape(self):
        """Shape of the output, or a list of them, with None for the batch; None for a model that is not built."""
        return self._facts.output_shape if self._facts else None

    # ------------------------------------------------------------------------------------------------------- programs

    def _emit_all(self, batch, training):
        """Return a new graph of the whole model, and its outputs."""
        graph = Graph(training, self.rng)
        several = isinstance(self.input_shape, list)
        shapes = self.input_shape if several else [self.input_shape]
        values = [graph.input((batch, *shape[1:]), self.dtype) for shape in shapes]
        outputs = flat(self._call_bare(values if several else values[0], training))
        fuse(graph, outputs, None if training else self._constants)
        return graph, outputs

    def _inference(self, batch):
        graph, outputs = self._emit_all(batch, training=False)
        return graph, outputs, get_num_threads(), self._constants, self.autotune

    def _evaluation(self, batch, targets):
        graph, outputs = self._emit_all(batch, training=False)
        predictions, results = self._emit_losses(graph, batch, targets, outputs)
        return graph, [*predictions, *[loss.value for loss in results]], get_num_threads(), self._constants, self.autotune

    def _training_step(self, batch, targets):
        graph, outputs = self._emit_all(batch, training=True)
        predictions, results = self._emit_losses(graph, batch, targets, outputs)
        weights = self._trained
        self.optimizer.build(weights, more=True)
        at_once = self.optimizer.global_clipnorm is None  # updates need not wait for all gradients
        gradients = append_gradients(
            graph,
            [(output, loss.y) for output, loss in zip(predictions, results, strict=True)],
            [graph.value_of(weight) for weight in weights],
            ready=(lambda value, gradient: append_updates(self.optimizer, {value: gradient})) if at_once else None,
        )
        if not at_once:
            append_updates(self.optimizer, gradients)
        return graph, [*predictions, *[loss.value for loss in results]], get_num_threads(), None, self.autotune

    def _emit_losses(self, graph, batch, targets, outputs):
        """Append the losses to a graph; return the outputs that are judged, and the losses' operations."""
        predictions = [outputs[objective.output] for objective in self._objectives]
        values = [graph.input((batch, *y.shape[1:]), y.dtype) for y in targets]
        return predictions, [
            objective.loss.emit(y_true, y_pred, objective.weight)
            for objective, y_true, y_pred in zip(self._objectives, values, predictions, strict=True)
        ]

    def _lend(self, kind, make, batch, targets=()):
        """Lend a program for batches of a size."""
        key = (kind, batch, get_num_threads(), get_winograd(), self.autotune)
        arguments = (batch,)
        if targets:
            key += tuple((y.shape[1:], y.dtype) for y in targets) + (self._mode if kind == "train" else ())
            arguments = (batch, targets)
        return self._programs.lend(key, make, arguments)

    def _begin_training(self):
        """Take note of what is trainable."""
        self._trained = self.trainable_weights
        self._mode = (id(self.optimizer), *map(id, self._trained), *[layer.trainable for layer in layers_within(self)])

    def plan(self, batch_size):
        """Return how the model's output is computed for batches of a size.

        Parameters
        ----------
        batch_size : int
            Samples computed at once.

        Returns
        -------
        Plan
            Its `report` tells what is computed and how; after its `measure` also how long each operation takes.
        """
        self._require_built()
        with self._lend("predict", self._inference, integer("batch_size", batch_size, 1)) as executable:
            return executable.plan

    # ------------------------------------------------------------------------------------------------------- compiling

    @property
    def _input_names(self):
        return None

    def _names_of_outputs(self, shape):
        """Return names of the outputs, whose shape is given, for losses, metrics and logs."""
        return [f"output_{i}" for i in range(len(shape))] if is_structure_of_shapes(shape) else ["output"]

    def compile(self, optimizer="adam", loss=None, metrics=None, loss_weights=None, autotune=False):
        """Choose how the model is trained and judged.

        Parameters
        ----------
        optimizer : str or Optimizer
            "sgd", "adam", or an instance from `striate.optimizers`.
        loss : str or Loss, or a list or dict of them
            "sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error" ("mse"), or an instance from
            `striate.losses`; for a model of several outputs one for all, or one for each, in order or by the name of the
            output's layer. An output whose loss is None is not trained, and needs no targets.
        metrics : list of str or Metric, optional
            "accuracy", "mse", …, or instances from `striate.metrics`; for several outputs a list or dict of such lists.
        loss_weights : list or dict of float, optional
            What the losses of several outputs are multiplied by before they are added up; ones if None.
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
        names = self._facts.output_names if self._facts else None
        self._objectives = choose_objectives(names, loss, metrics, loss_weights)
        self._objectives_of = names
        self._asked_for = {"loss": loss, "metrics": metrics, "loss_weights": loss_weights}
        self.optimizer = optimizer
        self.autotune = bool(autotune)
        self.compiled = True
        self._programs.clear()

    @property
    def loss(self):
        """The loss, or a list of those of the outputs that have one."""
        losses = [objective.loss for objective in self._objectives]
        return losses if len(losses) > 1 else losses[0]

    @property
    def metrics(self):
        """The metrics, those of all outputs together."""
        return [metric for objective in self._objectives for metric in objective.metrics]

    # --------------------------------------------------------------------------------------------------------- running

    def _compute(self, x, training, rng):
        """Return the output for arrays (batch, ...), in one go."""
        arrays = self._check_inputs(x)
        rng = self.rng if rng is None else np.random.default_rng(rng)
        if training:
            return super()._compute(arrays if isinstance(self.input_shape, list) else arrays[0], training, rng)
        with self._lend("predict", self._inference, len(arrays[0])) as executable:
            fill(executable.inputs, arrays, slice(None))
            executable.run(rng)
            return self._structured([output.copy() for output in executable.outputs])

    def _structured(self, outputs):
        """Return one array, or a list for a model that returns a list."""
        return outputs if self._facts.several else outputs[0]

    def train_on_batch(self, x, y):
        """Take one training step on a batch.

        Parameters
        ----------
        x : ndarray, shape (batch, ...), or a list of them
            Inputs.
        y : array_like, shape (batch, ...), or a list of them
            Targets, as the loss wants them.

        Returns
        -------
        float
            The loss before the step.
        """
        x, y = self._prepare(x, y)
        self._begin_training()
        mean = _Mean(self)
        self._train_step(x, y, slice(0, len(x[0])), mean)
        return mean.logs()["loss"]

    def _train_step(self, x, y, part, mean):
        """Take a step on a part of the samples, and take it into account in `mean`."""
        batch = part.stop - part.start if isinstance(part, slice) else len(part)
        with self._lend("train", self._training_step, batch, y) as executable:
            fill(executable.inputs, [*x, *y], part)
            self.optimizer.begin_step()
            executable.run(self.rng)
            mean.update([targets[part] for targets in y], executable.outputs)

    def fit(
        self,
        x,
        y,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        initial_epoch=0,
        rng=None,
    ):
        """Train the model.

        Parameters
        ----------
        x : ndarray of floats, shape (samples, ...), or a list or dict of them
            Inputs, converted to the model's dtype.
        y : array_like, shape (samples, ...), or a list or dict of them
            Targets, as the loss wants them.
        batch_size : int, optional
            Samples a step; 32 if None. The last batch of an epoch may be smaller.
        epochs : int
            Number of the last epoch: how often all samples are seen, if training begins with epoch 0.
        verbose : {"auto", 0, 1, 2}
            0 prints nothing, 1 (and "auto") shows progress, 2 prints one line an epoch.
        callbacks : list of Callback, optional
            Told of the training as it goes.
        validation_split : float
            The last part of the samples, as they come, to validate on instead of training.
        validation_data : tuple (x, y), optional
            What to validate on after each epoch.
        shuffle : bool
            Whether each epoch sees the samples in a new order.
        initial_epoch : int
            Number of the first epoch.
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
        epochs = integer("epochs", epochs, 1)
        initial_epoch = integer("initial_epoch", initial_epoch, 0)
        if verbose not in ("auto", 0, 1, 2):
            raise ValueError(f"verbose={verbose!r} is unknown; expected 'auto', 0, 1 or 2")
        x, y = self._prepare(x, y)
        validation = None
        if validation_data is not None:
            if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
                raise ValueError(f"validation_data is of type {type(validation_data).__name__}; expected a pair (x, y)")
            validation = self._prepare(*validation_data, what="validation_data")
        elif validation_split:
            kept, held_back = split_validation([*x, *y], validation_split)
            x, y, validation = kept[: len(x)], kept[len(x) :], (held_back[: len(x)], held_back[len(x) :])

        history = History()
        told = [*(callbacks or []), history]
        if verbose:
            told.append(ProgressBar(1 if verbose == "auto" else verbose))
        steps = -(-len(x[0]) // batch_size)
        for callback in told:
            callback.set_model(self)
            callback.set_params({"epochs": epochs, "steps": steps, "batch_size": batch_size, "verbose": verbose})
        self.stop_training = False
        self._tell(told, "on_train_begin")
        logs = {}
        own_rng = self.rng
        self.rng = own_rng if rng is None else np.random.default_rng(rng)
        try:
            for epoch in range(initial_epoch, epochs):
                self._tell(told, "on_epoch_begin", epoch)
                order = self.rng.permutation(len(x[0])) if shuffle else None
                logs = self._train_epoch(x, y, batch_size, order, told)
                if validation is not None:
                    logs |= {f"val_{key}": value for key, value in self._evaluate(*validation, batch_size).items()}
                self._tell(told, "on_epoch_end", epoch, logs)
                if self.stop_training:
                    break
        finally:
            self.rng = own_rng
        self._tell(told, "on_train_end", logs)
        return history

    def _train_epoch(self, x, y, batch_size, order, callbacks):
        mean = _Mean(self)
        self._begin_training()
        for step, part in enumerate(parts(len(x[0]), batch_size, order)):
            self._tell(callbacks, "on_train_batch_begin", step)
            self._train_step(x, y, part, mean)
            self._tell(callbacks, "on_train_batch_end", step, mean.logs())
            if self.stop_training:
                break
        return mean.logs()

    @staticmethod
    def _tell(callbacks, event, *arguments):
        for callback in callbacks:
            getattr(callback, event)(*arguments)

    def evaluate(self, x, y, batch_size=None, verbose="auto", return_dict=False):
        """Return loss and metrics on data.

        Parameters
        ----------
        x : ndarray of floats, shape (samples, ...), or a list or dict of them
            Inputs.
        y : array_like, shape (samples, ...), or a list or dict of them
            Targets.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for programs written for Keras; nothing is printed.
        return_dict : bool
            Whether to return a dict instead of a list.

        Returns
        -------
        float, list of float or dict of str to float
            The loss if there is nothing else; loss, the outputs' losses if there are several, and metrics otherwise.
        """
        batch_size = check_batch_size(batch_size)
        logs = self._evaluate(*self._prepare(x, y), batch_size)
        if return_dict:
            return logs
        return list(logs.values()) if len(logs) > 1 else logs["loss"]

    def _evaluate(self, x, y, batch_size):
        mean = _Mean(self)
        for part in parts(len(x[0]), batch_size):
            with self._lend("evaluate", self._evaluation, part.stop - part.start, y) as executable:
                fill(executable.inputs, [*x, *y], part)
                executable.run(self.rng)
                mean.update([targets[part] for targets in y], executable.outputs)
        return mean.logs()

    def predict(self, x, batch_size=None, verbose="auto"):
        """Return the model's output for data, computed batch by batch.

        Several threads may call it at the same time.

        Parameters
        ----------
        x : ndarray of floats, shape (samples, ...), or a list or dict of them
            Inputs, converted to the model's dtype.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for programs written for Keras; nothing is printed.

        Returns
        -------
        ndarray of the model's dtype, shape (samples, ...), or a list of them

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model.
        """
        batch_size = check_batch_size(batch_size)
        arrays = self._check_inputs(x)
        results = None
        for part in parts(len(arrays[0]), batch_size):
            with self._lend("predict", self._inference, part.stop - part.start) as executable:
                fill(executable.inputs, arrays, part)
                executable.run(self.rng)
                if results is None:
                    results = [np.empty((len(arrays[0]), *y.shape[1:]), y.dtype) for y in executable.outputs]
                for result, y in zip(results, executable.outputs, strict=True):
                    result[part] = y
        return self._structured(results)

    # ---------------------------------------------------------------------------------------------------------- checks

    def _check_inputs(self, x):
        """Return inputs, checked, for a model that is built for them."""
        if any(model._additions != seen for model, seen in self._seen_within):
            self._structure_changed()
        if type(x) is np.ndarray and x.shape[1:] == self._sample_shape and x.dtype == self.dtype and len(x):
            return [x]  # what most calls bring, without the slower checks
        arrays = check_inputs(x, self._input_names, self.dtype)
        shapes = [array.shape for array in arrays]
        self.ensure_built(shapes if len(shapes) > 1 or isinstance(self.input_shape, list) else shapes[0], self.rng)
        expected = self.input_shape if isinstance(self.input_shape, list) else [self.input_shape]
        if [shape[1:] for shape in shapes] != [tuple(shape[1:]) for shape in expected]:
            raise ValueError(
                f"x has samples of shape {', '.join(str(shape[1:]) for shape in shapes)}; expected "
                f"{', '.join(str(tuple(shape[1:])) for shape in expected)}, as the model was built for"
            )
        return arrays

    def _prepare(self, x, y, what=None):
        """Return inputs and targets, checked, for a compiled model that is built for them."""
        if not self.compiled:
            raise RuntimeError("the model is not compiled; expected compile(optimizer, loss) to be called first")
        try:
            x = self._check_inputs(x)
            facts = self._facts
            if self._objectives_of != facts.output_names:  # the model was not built when it was compiled
                self._objectives = choose_objectives(facts.output_names, **self._asked_for)
                self._objectives_of = facts.output_names
            shapes = facts.output_shape if facts.several else [facts.output_shape]
            return x, check_targets(y, len(x[0]), self._objectives, facts.output_names, shapes, self.dtype)
        except (TypeError, ValueError) as error:
            if what is not None:
                raise type(error)(f"{what}: {error}") from None
            raise


class _Mean:
    """Running mean of a model's losses and the state of its metrics."""

    def __init__(self, model):
        objectives = model._objectives
        self.several = len(model._facts.output_names) > 1
        self.names = [f"{objective.name}_loss" for objective in objectives]
        self.metrics = [
            (f"{objective.name}_{metric.name}" if self.several else metric.name, i, metric)
            for i, objective in enumerate(objectives)
            for metric in objective.metrics
        ]
        self.totals = np.zeros(len(objectives))
        self.samples = 0
        for _, _, metric in self.metrics:
            metric.reset_state()

    def update(self, y, outputs):
        """Take a batch into account: targets, and what a program wrote: predictions and the weighted losses."""
        predictions, values = outputs[: len(y)], outputs[len(y) :]
        self.totals += [value[0] * len(y[0]) for value in values]
        self.samples += len(y[0])
        for _, i, metric in self.metrics:
            metric.update_state(y[i], predictions[i].copy())  # a metric may keep it, the next run writes there

    def logs(self):
        """Return the loss, the outputs' losses if there are several, and the metrics."""
        means = [float(total) / self.samples for total in self.totals]
        logs = {"loss": sum(means)}
        if self.several:
            logs |= dict(zip(self.names, means, strict=True))
        return logs | {name: metric.result() for name, _, metric in self.metrics}
