"""Steps of training, evaluation and prediction that a model defines itself: they are traced once, and become programs.

`train_step` and its like are called with symbolic tensors in place of a batch. What layers, losses, metrics and optimizers do
with these becomes a part of the program of the step: updates take place in the order of the calls, so that a second model sees
the weights that an update of the first one has changed.
"""

from typing import NamedTuple

import numpy as np

from .. import losses
from .._common.checks import real_array, shown
from .._common.strings import holds_strings, strings
from .._common.structures import flat_deep, leaves
from ..engine import GradientTape, Graph, Value
from ..engine.tape import finish_fusion, kept
from ..layers.call_arguments import takes
from ..layers.symbolic import shapes_of
from ..threads import get_num_threads
from . import loops
from .arrays import fill, joined
from .compiled import Compiled
from .feeding import ArrayBatches, Prepared, StreamBatches, is_stream, unpack
from .objectives import choose_objectives

#: The methods that make steps of their own of fitting and evaluating.
STEPS = ("train_step", "test_step", "compute_loss", "compute_metrics")


class Stepped(Compiled):
    """The base class of models whose steps can be defined by a subclass; see `train_step`."""

    #: Whether a subclass defines what is done with a batch in `fit` and `evaluate`.
    has_own_steps = False

    #: Whether a subclass defines `predict_step`.
    has_own_prediction = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.has_own_steps = any(getattr(cls, name) is not getattr(Stepped, name) for name in STEPS)
        cls.has_own_prediction = cls.predict_step is not Stepped.predict_step

    def train_step(self, data):
        """Return what `fit` does with a batch, and shows of it. A subclass may define it.

        It is called once for each shape of a batch, with symbolic tensors, and becomes a program; within it, gradients come
        from a `striate.GradientTape`, and optimizers (`apply`), metrics (`update_state`, `result`), variables (`assign`) and
        random numbers (`striate.random`) are used as they are outside. Python decides by shapes, not by elements.

        Parameters
        ----------
        data : value, or tuple of values
            What was given to `fit`: x, (x, y) or (x, y, sample_weight), or what a source of batches yields.

        Returns
        -------
        dict of str to (value or float)
            What the logs hold.
        """
        x, y, sample_weight = unpack(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
        weights = self.trainable_weights
        self._loss_tracker.update_state(loss, _batch_size(x))
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data):
        """Return what `evaluate` shows of a batch; as for `train_step`."""
        x, y, sample_weight = unpack(data)
        y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, _batch_size(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data):
        """Return what `predict` returns for a batch; as for `train_step`."""
        return self(unpack(data)[0], training=False)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Return the loss of a batch: the losses given to `compile`, and those that layers and regularizers add.

        Parameters
        ----------
        x, y, sample_weight : value, or a list or dict of them
            The batch.
        y_pred : value, or a structure of them
            The model's output for it.
        training : bool
            Whether it is for a training step.

        Returns
        -------
        value
        """
        parts = []
        for objective, target, predicted, weight in self._judged(y, y_pred, sample_weight):
            if objective.loss is not None:
                value = objective.loss(target, predicted, weight)
                if objective.key in self._loss_trackers:
                    self._loss_trackers[objective.key].update_state(value, _batch_size(predicted))
                parts.append(value * objective.weight)
        parts += self.losses
        if not parts:
            raise ValueError("the model has no loss; expected compile(loss=…), or a layer that calls `add_loss`")
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    def _loss_of(self, x, y, y_pred, sample_weight, training):
        """Return what `compute_loss` does, which a subclass may define without the argument `training`."""
        mode = {"training": training} if takes(type(self), "training", "compute_loss") else {}
        return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, **mode)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Take a batch into account in the metrics given to `compile`; return what `get_metrics_result` does."""
        for objective, target, predicted, weight in self._judged(y, y_pred, sample_weight):
            if objective.loss is not None and (objective.metrics or objective.weighted_metrics):
                target = objective.loss.fitted(target, predicted)
            for metric in objective.metrics:
                metric.update_state(target, predicted)
            for metric in objective.weighted_metrics:
                metric.update_state(target, predicted, *([] if weight is None else [weight]))
        return self.get_metrics_result()

    def get_metrics_result(self):
        """Return the results of `metrics` by name; a second one of a name has that of its key in the logs."""
        keys = {metric: key for key, metric in self.metrics_by_key().items()}
        return {keys.get(metric, metric.name): metric.result() for metric in self.metrics}

    def compiled_loss(self, y, y_pred, sample_weight=None, training=False):
        """Return what `compute_loss` does without x, for steps that are older than it."""
        return self._loss_of(None, y, y_pred, sample_weight, training)

    @property
    def compiled_metrics(self):
        """The metrics given to `compile` as one, for steps that are older than `compute_metrics`."""
        return _CompiledMetrics(self)

    def _judged(self, y, y_pred, sample_weight):
        """Yield each objective with its targets, predictions and weights."""
        predictions = leaves(y_pred)
        for objective in self._objectives_for_step(y_pred):
            targets, weights = (_of_outputs(each, objective, len(predictions)) for each in (y, sample_weight))
            if any(each is None for each in targets):
                raise ValueError("there are no targets; expected y, as the model is compiled with a loss")
            if any(each is not weights[0] for each in weights):
                raise ValueError(
                    f"the loss of {objective.name!r} takes several outputs; expected the same sample_weight for them"
                )
            taken = (objective.arranged(each) for each in (targets, [predictions[i] for i in objective.outputs]))
            yield objective, *taken, weights[0]

    def _objectives_for_step(self, y_pred):
        """Return the objectives for predictions of a step, which may be fewer or more than the model's outputs."""
        found = leaves(y_pred)
        known = self._output_structure.names if self._output_structure else found
        if len(found) == len(known):
            return self._objectives
        if len(found) == 1:  # A step may have made one of several outputs.
            return [each._replace(output=0) for each in self._objectives if isinstance(each.output, int)][:1]
        loss = leaves(self._asked_for["loss"])
        alike = len(loss) == len(found) and None not in loss
        names = [losses.get(loss[i]).name if alike else f"output_{i}" for i in range(len(found))]
        objectives = choose_objectives(names, **self._asked_for, shape=shapes_of(y_pred))
        self._track(objectives)
        return objectives

    def _predict_own(self, x, batch_size, steps, listeners):
        """Return what `predict_step` returns for data, with the arrays of all batches joined."""
        feed = own_batches(self, x, batch_size, steps)
        batches = (self._run_step("predict_step", batch, self.rng) for batch in feed.epoch(self.rng))
        parts, structure = [], None
        for part in loops.predict(self, batches, listeners, lambda outputs: outputs):
            arrays = []
            structure = _packed(part, arrays)
            parts.append(arrays)
        if not parts:
            raise ValueError("x yielded no batch; expected at least one")
        return filled(structure, [joined(each) for each in zip(*parts, strict=True)])

    def _run_step(self, method, batch, rng):
        """Run a step on a batch; return what it returned, with arrays in place of values."""
        specs = tuple((shape, array.dtype) for shape, array in zip(batch.shapes, batch.x, strict=True))
        trainable = (*self._trainable_parts, *map(id, self.metrics))
        with self._lend(own_step, batch.size, [], method, batch.structure, specs, trainable=trainable) as executable:
            fill(executable.inputs, batch.x, batch.part)
            executable.run(rng)
            return filled(executable.plan.graph.structure, [output.copy() for output in executable.outputs])


def own_step(model, batch, samples, method, structure, specs):
    """Return the arguments of a plan that does what a method of a model does with a batch.

    Parameters
    ----------
    model : Model
        The model.
    batch, samples
        Samples in the batch and shapes of the model's inputs, which are not needed.
    method : str
        Name of the method.
    structure : object
        The structure of the batch, with leaves in place of arrays.
    specs : tuple of (shape, dtype)
        Of each array of the batch.
    """
    graph = Graph(training=False, rng=model.rng)
    values = [graph.input(shape, dtype) for shape, dtype in specs]
    with graph.within(None, None):
        found = getattr(model, method)(filled(structure, values))
        if method != "predict_step" and not isinstance(found, dict):
            raise TypeError(f"{method} returned {shown(found)}; expected a dict of what the logs hold, by name")
        outputs = []
        graph.structure = _packed(found, outputs)
        outputs = [each if isinstance(each, Value) else graph.constant(each) for each in outputs]
    finish_fusion(graph)
    outputs = [kept(each) for each in outputs]
    return graph, outputs, get_num_threads(), None, model.autotune


class StepLogs:
    """What the steps of an epoch returned last.

    Parameters
    ----------
    model : Stepped
        The model; its metrics are reset.
    method : str
        The step, "train_step" or "test_step".
    """

    def __init__(self, model, method):
        self._model = model
        self._method = method
        self._last = {}
        model._loss_tracker.reset_state()
        model.reset_metrics()

    def run(self, batch):
        """Run the step on a batch."""
        self._last = self._model._run_step(self._method, batch, self._model.rng)

    def read(self):
        """Return the logs."""
        return _numbers(self._last)


class _Leaf(NamedTuple):
    """The place of an array in a structure."""

    index: int


class _Branch(NamedTuple):
    """A list, tuple or dict of structures."""

    kind: type
    keys: tuple  # of a dict
    parts: tuple


def own_batches(model, x, batch_size, steps):
    """Return the source of the batches of data that a model's own step takes as they are."""

    def prepared(item, split=False):
        return prepared_for_step(*unpack(item), model.dtype, split)

    if is_stream(x):
        return StreamBatches(x, prepared, False, steps)
    return ArrayBatches(prepared((x,), split=True), batch_size, False, steps)


def prepared_for_step(x, y, sample_weight, dtype, split):
    """Return arrays of data, and the structure of a batch as a step gets it, with leaves in place of the arrays, as `Prepared`.

    If they are to be split into batches, they have equally many samples.
    """
    arrays = []
    structure = _packed((x, y, sample_weight) if sample_weight is not None else x if y is None else (x, y), arrays)
    arrays = [_array(each, dtype) for each in arrays]
    counts = {len(array) if array.ndim else 0 for array in arrays}
    if not arrays or 0 in counts or (split and len(counts) > 1):
        shapes = ", ".join(str(array.shape) for array in arrays)
        expected = "equally many samples, at least one" if split else "at least one sample each"
        raise ValueError(f"the data have the shapes {shapes}; expected arrays with {expected}")
    return Prepared(arrays, [], None, [], structure)


def _packed(thing, arrays):
    """Return the structure of a thing; its arrays and values are appended to `arrays`."""
    if isinstance(thing, dict):
        return _Branch(dict, tuple(thing), tuple(_packed(each, arrays) for each in thing.values()))
    if isinstance(thing, (list, tuple)) and not (thing and isinstance(thing[0], (int, float))):
        return _Branch(tuple if isinstance(thing, tuple) else list, (), tuple(_packed(each, arrays) for each in thing))
    if thing is None or isinstance(thing, (int, float, str)):
        return thing
    arrays.append(thing)
    return _Leaf(len(arrays) - 1)


def filled(structure, things):
    """Return a structure with things in place of its leaves."""
    if isinstance(structure, _Leaf):
        return things[structure.index]
    if isinstance(structure, _Branch):
        parts = [filled(each, things) for each in structure.parts]
        return dict(zip(structure.keys, parts, strict=True)) if structure.kind is dict else structure.kind(parts)
    return structure


def _array(x, dtype):
    """Return an array of a batch, of strings, integers, or floats in the model's dtype."""
    if holds_strings(x):
        return strings("x", x)
    array = real_array("x", x)
    return array.astype(dtype, copy=False) if array.dtype.kind == "f" else array


def _of_outputs(given, objective, outputs):
    """Return the parts of targets or weights, given for all outputs, that belong to those of an objective, as a list."""
    if isinstance(given, dict) and objective.name in given and isinstance(objective.output, int):
        return [given[objective.name]]
    found = leaves(given)
    if isinstance(given, dict) and len(found) != outputs:
        return [None] * len(objective.outputs)
    several = outputs > 1 and isinstance(given, (list, tuple, dict))
    return [found[i] if several else given for i in objective.outputs]


def _batch_size(x):
    """Return the number of samples in a batch, by which its loss counts in the mean over batches."""
    return float(flat_deep(x)[0].shape[0])


def _numbers(value):
    """Return what a step returned with numbers, or arrays of several elements, in place of values."""
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_numbers(each) for each in value]
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


class _CompiledMetrics:
    """The metrics given to `compile` of a model."""

    def __init__(self, model):
        self.model = model

    def update_state(self, y, y_pred, sample_weight=None):
        """Take a batch into account."""
        Stepped.compute_metrics(self.model, None, y, y_pred, sample_weight)
