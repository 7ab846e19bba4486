"""A model whose layers follow one another."""

import numpy as np

from .. import losses, optimizers
from .. import metrics as metrics_
from .._checks import integer
from .._registry import describe
from .._terminal import show
from ..callbacks import History, ProgressBar
from ..layers.base import Layer, snake_case
from ..layers.core import Input
from . import saving
from .arrays import batches, check_batch_size, check_inputs, check_targets, split_validation
from .summary import summary_table


class Sequential:
    """Layers, each fed by the one before.

    Parameters
    ----------
    layers : list of Layer, optional
        The layers, in order; an `Input` in front makes the weights exist at once, otherwise the first data does.
    name : str, optional
        The model's name.
    rng : None, int or numpy.random.Generator
        Where everything random comes from: first weights, shuffling, dropout. The same seed gives the same bits, for any
        number of threads; None draws a fresh seed.

    Attributes
    ----------
    layers : list of Layer
        The layers, without the `Input`.
    rng : numpy.random.Generator
        Source of random numbers.
    compiled, built : bool
        Whether `compile` was called; whether the weights exist.
    stop_training : bool
        Callbacks set it to end `fit`.

    Examples
    --------
    >>> from striate import Sequential, layers
    >>> model = Sequential([
    ...     layers.Input((28, 28, 1)),
    ...     layers.Conv2D(6, 5, padding="same", activation="relu"),
    ...     layers.MaxPooling2D(),
    ...     layers.Flatten(),
    ...     layers.Dense(10, activation="softmax"),
    ... ], rng=0)
    >>> model.output_shape
    (None, 10)
    >>> model.count_params()
    11926
    """

    def __init__(self, layers=None, name=None, rng=None):
        self.name = "sequential" if name is None else name
        self.rng = np.random.default_rng(rng)
        self.layers = []
        self.input = None
        self.input_shape = None
        self.output_shapes = []
        self.built = False
        self.compiled = False
        self.stop_training = False
        for layer in layers or []:
            self.add(layer)

    # ------------------------------------------------------------------------------------------------------- structure

    def add(self, layer):
        """Append a layer.

        Parameters
        ----------
        layer : Layer
            The layer; an `Input` can only be the first.

        Raises
        ------
        TypeError, ValueError
            If it is not a layer, is in the model already, has the name of another, or does not fit behind the last.
        """
        if not isinstance(layer, Layer):
            raise TypeError(f"layer={layer!r} is not a layer; expected an instance of striate.layers.Layer")
        if isinstance(layer, Input):
            if self.layers or self.input is not None:
                raise ValueError(f"layer={layer!r} comes after others; expected an Input in front only")
            self.input = layer
            layer.name = layer.name or "input"
            return
        if any(layer is other for other in self.layers):
            raise ValueError(f"layer={layer!r} is in the model already; expected another")
        names = {other.name for other in self.layers}
        if layer.name is None:
            base = snake_case(type(layer).__name__)
            layer.name = next(name for i in range(len(names) + 1) if (name := f"{base}_{i}" if i else base) not in names)
        elif layer.name in names:
            raise ValueError(f"name={layer.name!r} is another layer's; expected a name of its own")
        first = self.layers[0] if self.layers else self.input
        if first is not None and layer.dtype != first.dtype:
            raise ValueError(
                f"layer {layer.name!r} has dtype {layer.dtype} but {first.name!r} has {first.dtype}; expected the same"
            )
        if self.input is not None or self.built:
            shape = self.output_shape if self.layers else (None, *self.input.shape)
            self.output_shapes.append(layer.ensure_built(shape, self.rng))
            self.input_shape = (None, *self.input.shape) if self.input is not None else self.input_shape
            self.built = True
        self.layers.append(layer)

    def build(self, input_shape):
        """Make the weights for inputs of a shape.

        Parameters
        ----------
        input_shape : tuple
            Shape of the input; the first element, the batch, may be None.
        """
        shape = (None, *input_shape[1:])
        if self.input is not None:
            self.input.compute_output_shape(shape)
        if self.built and shape == self.input_shape:
            return
        if not self.layers:
            raise ValueError("the model has no layers; expected at least one")
        shapes = [shape]
        for layer in self.layers:
            shapes.append(layer.ensure_built(shapes[-1], self.rng))
        self.input_shape = shape
        self.output_shapes = shapes[1:]
        self.built = True

    @property
    def output_shape(self):
        """Shape of the output, with None for the batch; None for a model that is not built."""
        return self.output_shapes[-1] if self.built else None

    @property
    def dtype(self):
        """Dtype of weights, input and output."""
        return self.layers[0].dtype if self.layers else "float32"

    @property
    def weights(self):
        """All layers' weights, in order."""
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable_weights(self):
        """The weights that training changes."""
        return [weight for layer in self.layers for weight in layer.trainable_weights]

    def get_weights(self):
        """Return copies of all weights, as a list of arrays."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights):
        """Set all weights to a list of arrays, as `get_weights` returns it."""
        weights = [np.asarray(weight) for weight in weights]
        own = self.weights
        if [weight.shape for weight in weights] != [weight.shape for weight in own]:
            raise ValueError(
                f"weights has shapes {[weight.shape for weight in weights]}; expected {[weight.shape for weight in own]}"
            )
        for weight, value in zip(own, weights, strict=True):
            weight.assign(value)

    def get_layer(self, name):
        """Return the layer of that name."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"name={name!r} is no layer's; expected one of {[layer.name for layer in self.layers]}")

    def count_params(self):
        """Return the number of elements of all weights."""
        return sum(layer.count_params() for layer in self.layers)

    def summary(self, print_fn=None):
        """Print the layers with their output shapes and numbers of parameters.

        Parameters
        ----------
        print_fn : callable, optional
            Takes the text; `print` if None.

        Raises
        ------
        ValueError
            If the model is not built.
        """
        self._require_built()
        (show if print_fn is None else print_fn)(summary_table(self))

    def get_config(self):
        """Return name and layers, as JSON can hold them."""
        layers = [layer for layer in (self.input, *self.layers) if layer is not None]
        return {
            "name": self.name,
            "layers": [describe(layer) for layer in layers],
        }

    # --------------------------------------------------------------------------------------------------------- running

    def __call__(self, x, *, training=False):
        """Return the output for an array (batch, ...), in one go."""
        x = check_inputs(x, self.dtype)
        self.build(x.shape)
        return self._forward(x, training)[0]

    def _forward(self, x, training):
        saved = []
        for layer in self.layers:
            x, own = layer.forward(x, training=training, rng=self.rng)
            saved.append(own)
        return x, saved

    def _infer(self, x):
        for layer in self.layers:
            x = layer.forward(x, training=False, rng=self.rng)[0]
        return x

    def _backward(self, dy, saved):
        """Return the gradients of `trainable_weights`, from that of the output."""
        gradients = []
        first = next((i for i, layer in enumerate(self.layers) if layer.trainable_weights), len(self.layers))
        for i in reversed(range(first, len(self.layers))):
            layer = self.layers[i]
            dy, own = layer.backward(dy, saved.pop(), input_gradient=i > first)
            if layer.trainable_weights:
                trained = [g for g, weight in zip(own, layer.weights, strict=True) if weight.trainable]
                gradients = trained + gradients
        return gradients

    def compile(self, optimizer="adam", loss=None, metrics=None):
        """Choose how the model is trained and judged.

        Parameters
        ----------
        optimizer : str or Optimizer
            "sgd", "adam", or an instance from `striate.optimizers`.
        loss : str or Loss
            "sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error" ("mse"), or an instance from
            `striate.losses`.
        metrics : list of str or Metric, optional
            "accuracy", "mse", …, or instances from `striate.metrics`.

        Raises
        ------
        TypeError, ValueError
            If one of them is unknown.
        """
        self.optimizer = optimizers.get(optimizer)
        self.loss = losses.get(loss)
        if metrics is not None and not isinstance(metrics, (list, tuple)):
            raise TypeError(f"metrics={metrics!r} is of type {type(metrics).__name__}; expected a list")
        self.metrics = [metrics_.get(metric) for metric in metrics or []]
        self.compiled = True

    def train_on_batch(self, x, y):
        """Take one training step on a batch.

        Parameters
        ----------
        x : ndarray, shape (batch, ...)
            Inputs.
        y : array_like, shape (batch, ...)
            Targets, as the loss wants them.

        Returns
        -------
        float
            The loss before the step.
        """
        x, y = self._prepare(x, y)
        return self._train_step(np.ascontiguousarray(x), y)[0]

    def _train_step(self, x, y):
        y_pred, saved = self._forward(x, training=True)
        loss, dy = self.loss.value_and_gradient(y, y_pred)
        self.optimizer.apply(self._backward(dy, saved), self.trainable_weights)
        return loss, y_pred

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
        x : ndarray of floats, shape (samples, ...)
            Inputs, converted to the model's dtype.
        y : array_like, shape (samples, ...)
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
            (x, y), validation = split_validation(x, y, validation_split)

        history = History()
        told = [*(callbacks or []), history]
        if verbose:
            told.append(ProgressBar(1 if verbose == "auto" else verbose))
        for callback in told:
            callback.set_model(self)
            callback.set_params(
                {"epochs": epochs, "steps": -(-len(x) // batch_size), "batch_size": batch_size, "verbose": verbose}
            )
        self.stop_training = False
        self._tell(told, "on_train_begin")
        logs = {}
        own_rng = self.rng
        self.rng = own_rng if rng is None else np.random.default_rng(rng)
        try:
            for epoch in range(initial_epoch, epochs):
                self._tell(told, "on_epoch_begin", epoch)
                order = self.rng.permutation(len(x)) if shuffle else None
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
        mean = _Mean(self.metrics)
        for step, (batch_x, batch_y) in enumerate(batches(x, y, batch_size, order)):
            self._tell(callbacks, "on_train_batch_begin", step)
            loss, y_pred = self._train_step(batch_x, batch_y)
            mean.update(loss, batch_y, y_pred)
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
        x : ndarray of floats, shape (samples, ...)
            Inputs.
        y : array_like, shape (samples, ...)
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
            The loss if there are no metrics; loss and metrics otherwise.
        """
        batch_size = check_batch_size(batch_size)
        logs = self._evaluate(*self._prepare(x, y), batch_size)
        if return_dict:
            return logs
        return list(logs.values()) if self.metrics else logs["loss"]

    def _evaluate(self, x, y, batch_size):
        mean = _Mean(self.metrics)
        for batch_x, batch_y in batches(x, y, batch_size):
            y_pred = self._infer(batch_x)
            mean.update(self.loss.value_and_gradient(batch_y, y_pred)[0], batch_y, y_pred)
        return mean.logs()

    def predict(self, x, batch_size=None, verbose="auto"):
        """Return the model's output for data, computed batch by batch.

        Parameters
        ----------
        x : ndarray of floats, shape (samples, ...)
            Inputs, converted to the model's dtype.
        batch_size : int, optional
            Samples computed at once; 32 if None.
        verbose : {"auto", 0, 1, 2}
            Accepted for programs written for Keras; nothing is printed.

        Returns
        -------
        ndarray of the model's dtype, shape (samples, ...)

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model.
        """
        batch_size = check_batch_size(batch_size)
        x = check_inputs(x, self.dtype)
        self.build(x.shape)
        y = np.empty((len(x), *self.output_shape[1:]), self.dtype)
        start = 0
        for batch, _ in batches(x, None, batch_size):
            y[start : start + len(batch)] = self._infer(batch)
            start += len(batch)
        return y

    # ---------------------------------------------------------------------------------------------------------- saving

    def save(self, path):
        """Write architecture, weights, and if compiled the optimizer and its state, to one file.

        The file is a NumPy ``.npz`` that holds the weights as arrays and all the rest as JSON; it appears complete or not at
        all.

        Parameters
        ----------
        path : str or path-like
            Where to write, commonly with the ending ``.npz``; a file there is replaced.

        Raises
        ------
        ValueError
            If the model is not built.
        """
        self._require_built()
        saving.save(self, path)

    @classmethod
    def load(cls, path, custom_objects=None):
        """Read a model that `save` wrote. Nothing is unpickled, so a file cannot run code.

        Parameters
        ----------
        path : str or path-like
            The file.
        custom_objects : dict of str to class, optional
            Classes of one's own layers, losses, metrics and optimizers, by name.

        Returns
        -------
        Sequential
            With the same weights, optimizer state and state of random numbers, so that training goes on where it stopped.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not a saved model, is damaged, or holds an unknown class.
        """
        return saving.load(path, {cls.__name__: cls, "Sequential": Sequential}, custom_objects)

    # ---------------------------------------------------------------------------------------------------------- checks

    def _prepare(self, x, y, what=None):
        """Return inputs and targets, checked, for a compiled model that is built for them."""
        if not self.compiled:
            raise RuntimeError("the model is not compiled; expected compile(optimizer, loss) to be called first")
        try:
            x = check_inputs(x, self.dtype)
            self.build(x.shape)
            return x, check_targets(y, len(x), self.loss, self.output_shape, self.dtype)
        except (TypeError, ValueError) as error:
            if what is not None:
                raise type(error)(f"{what}: {error}") from None
            raise

    def _require_built(self):
        if not self.built:
            raise ValueError("the model is not built; expected an Input as first layer, or build(input_shape) before")

    def __repr__(self):
        """Return name and state."""
        return f"<Sequential {self.name!r}: {len(self.layers)} layers, {'built' if self.built else 'not built'}>"


class _Mean:
    """Running mean of the loss and the state of the metrics."""

    def __init__(self, metrics):
        self.metrics = metrics
        self.total = 0.0
        self.samples = 0
        for metric in metrics:
            metric.reset_state()

    def update(self, loss, y, y_pred):
        self.total += loss * len(y_pred)
        self.samples += len(y_pred)
        for metric in self.metrics:
            metric.update_state(y, y_pred)

    def logs(self):
        return {"loss": self.total / self.samples, **{metric.name: metric.result() for metric in self.metrics}}
