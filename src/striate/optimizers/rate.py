"""The learning rate of an optimizer, as programs read and set it."""

import numpy as np


class LearningRate(float):
    """The learning rate of an optimizer at the time when it was read: a number, with the methods of Keras' variable."""

    def __new__(cls, value, optimizer):
        """Return the number as the learning rate of an optimizer."""
        self = super().__new__(cls, value)
        self._optimizer = optimizer
        return self

    def __reduce__(self):
        return float, (float(self),)  # A copy is a number of its own.

    @property
    def value(self):
        """The number as one of float32, as Keras has it."""
        return np.float32(self)

    def numpy(self):
        """Return the number as one of float32, as Keras has it."""
        return np.float32(self)

    def assign(self, value):
        """Set the optimizer's learning rate; return it."""
        self._optimizer.learning_rate = value
        return self._optimizer.learning_rate
