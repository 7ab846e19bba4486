"""What all layers share: weights, building, names and configuration."""

import re

import numpy as np

from .._checks import choice


class Variable:
    """A weight of a layer: an array with a name.

    Parameters
    ----------
    value : ndarray
        The array; it is changed in place.
    name : str
        Its name within the layer, as "kernel".
    trainable : bool
        Whether training changes it.

    Attributes
    ----------
    value : ndarray
        The array.
    """

    def __init__(self, value, name, trainable=True):
        self.value = value
        self.name = name
        self.trainable = trainable

    @property
    def shape(self):
        """Shape of the array."""
        return self.value.shape

    @property
    def dtype(self):
        """Dtype of the array."""
        return self.value.dtype

    def numpy(self):
        """Return a copy of the array."""
        return self.value.copy()

    def assign(self, value):
        """Copy `value`, of the same shape, into the array."""
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(f"value for {self.name!r} has shape {value.shape}; expected {self.shape}")
        if value.dtype.kind not in "fiub":
            raise TypeError(f"value for {self.name!r} has dtype {value.dtype}; expected real numbers")
        self.value[...] = value

    def __array__(self, dtype=None, copy=None):
        """Return the array, for NumPy."""
        return np.array(self.value, dtype=dtype, copy=copy)

    def __repr__(self):
        """Return name, shape and dtype."""
        return f"<Variable {self.name!r} shape={self.shape} dtype={self.dtype}>"


class Layer:
    """Base class of layers.

    A layer holds its arguments and weights, and nothing of the data that passes through it: what `backward` needs of a
    forward pass, `forward` returns. So one layer may serve several threads at once.

    A subclass defines `compute_output_shape`, `forward` and `backward`, and where they apply `build` and `get_config`.

    Parameters
    ----------
    name : str, optional
        Unique within a model, which otherwise gives it a name made of the class's.
    trainable : bool
        Whether training changes the weights.
    dtype : {"float32", "float64"}
        Of weights, input and output.

    Attributes
    ----------
    built : bool
        Whether the weights exist.
    weights : list of Variable
        All weights, in the order of `get_weights`.
    """

    def __init__(self, *, name=None, trainable=True, dtype="float32"):
        if name is not None and (not isinstance(name, str) or not name or "/" in name):
            raise ValueError(f"name={name!r} is not a layer's name; expected a non-empty string without a slash")
        self.name = name
        self.trainable = bool(trainable)
        self.dtype = choice("dtype", "float32" if dtype is None else np.dtype(dtype).name, ("float32", "float64"))
        self.built = False
        self.input_shape = None
        self.weights = []

    # ---------------------------------------------------------------------------------------- what a subclass defines

    def build(self, input_shape, rng):
        """Make the weights for inputs of `input_shape` (with None for the batch), with random numbers from `rng`."""

    def compute_output_shape(self, input_shape):
        """Return the output's shape for an input's; both begin with the batch size or None."""
        return input_shape

    def forward(self, x, *, training, rng):
        """Return the output for the array `x`, and whatever `backward` needs of this pass."""
        raise TypeError(f"{type(self).__name__} does not define forward; expected a layer that does")

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradients of ``sum(dy * output)``.

        Parameters
        ----------
        dy : ndarray
            Gradient of the output.
        saved : object
            What `forward` returned beside the output.
        input_gradient : bool
            Whether the gradient of the input is wanted; a model's first layer need not compute it.

        Returns
        -------
        dx : ndarray or None
            Gradient of the input.
        gradients : list of ndarray
            Gradients of `weights`, in their order.
        """
        raise TypeError(f"{type(self).__name__} does not define backward; expected a layer that does")

    def get_config(self):
        """Return the constructor's arguments, as JSON can hold them."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    # ------------------------------------------------------------------------------------------------ for all layers

    @classmethod
    def from_config(cls, config):
        """Make a layer from what `get_config` returned."""
        return cls(**config)

    def add_weight(self, name, shape, initializer, rng):
        """Make a weight and append it to `weights`."""
        value = np.ascontiguousarray(initializer(shape, np.dtype(self.dtype), rng), dtype=self.dtype)
        if value.shape != tuple(shape):
            raise ValueError(f"initializer={initializer!r} returned shape {value.shape} for {name!r}; expected {shape}")
        variable = Variable(value, name)
        self.weights.append(variable)
        return variable

    def ensure_built(self, input_shape, rng):
        """Build the layer unless it is; check that it can take inputs of `input_shape`. Return the output's shape."""
        input_shape = (None, *input_shape[1:])
        output_shape = self.compute_output_shape(input_shape)
        if not self.built:
            self.build(input_shape, rng)
            self.input_shape = input_shape
            self.built = True
        elif self.weights and input_shape[-1] != self.input_shape[-1]:
            raise ValueError(
                f"layer {self.name!r} was built for inputs of shape {self.input_shape}, got {input_shape}; expected as many "
                "channels or features"
            )
        return output_shape

    @property
    def trainable_weights(self):
        """The weights that training changes: all of them, or none if `trainable` is False."""
        return [weight for weight in self.weights if weight.trainable] if self.trainable else []

    def get_weights(self):
        """Return copies of the weights, as a list of arrays."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights):
        """Set the weights to a list of arrays, as `get_weights` returns it."""
        weights = [np.asarray(weight) for weight in weights]
        if len(weights) != len(self.weights):
            raise ValueError(f"weights has {len(weights)} arrays; expected {len(self.weights)}, as layer {self.name!r} has")
        for new, weight in zip(weights, self.weights, strict=True):
            if new.shape != weight.shape:
                raise ValueError(
                    f"weights holds shape {new.shape} for {weight.name!r} of layer {self.name!r}; expected {weight.shape}"
                )
        for new, weight in zip(weights, self.weights, strict=True):
            weight.assign(new)

    def count_params(self):
        """Return the number of elements of all weights."""
        return sum(weight.value.size for weight in self.weights)

    def __call__(self, x, *, training=False, rng=None):
        """Return the output for an array, building the layer first if need be.

        Parameters
        ----------
        x : ndarray
            Input, converted to the layer's dtype.
        training : bool
            Whether the layer behaves as in training.
        rng : None, int or numpy.random.Generator
            Where random numbers come from, for new weights and for layers that draw some in training.
        """
        x = np.asarray(x)
        if x.dtype.kind != "f":
            raise TypeError(f"x has dtype {x.dtype}; expected a floating-point array")
        rng = np.random.default_rng(rng)
        self.ensure_built(x.shape, rng)
        return self.forward(np.asarray(x, self.dtype), training=training, rng=rng)[0]

    def __repr__(self):
        """Return class and name."""
        return f"<{type(self).__name__} {self.name!r}>"


def snake_case(name):
    """Return a class's name as Keras writes layers' names: "MaxPooling2D" becomes "max_pooling2d"."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
