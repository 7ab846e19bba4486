"""The callback that puts moving averages of weights in their place."""

from .._common.checks import boolean
from .base import Callback


class SwapEMAWeights(Callback):
    """Replace weights by their moving averages while the model is evaluated, or predicts, and back again.

    The optimizer keeps the averages: `use_ema` of `Optimizer`.

    Parameters
    ----------
    swap_on_epoch : bool
        Whether to do so at the end of each epoch, too, until the next begins, so that callbacks after this one, such as
        `ModelCheckpoint`, see the averages.

    Raises
    ------
    ValueError
        In the methods that replace weights, if the optimizer keeps no averages.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers, optimizers
    >>> x = np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile(optimizers.SGD(0.01, use_ema=True, ema_momentum=0.9), "mse")
    >>> swap = callbacks.SwapEMAWeights()
    >>> history = model.fit(x, x, epochs=3, validation_data=(x, x), callbacks=[swap], verbose=0)
    >>> bool(np.isclose(history.history["val_loss"][-1], model.evaluate(x, x)))  # `fit` ends with the averages.
    True
    """

    def __init__(self, swap_on_epoch=False):
        super().__init__()
        self.swap_on_epoch = boolean("swap_on_epoch", swap_on_epoch)
        self._trained = []  # pairs of a weight and its elements, while averages are in their place

    def _replace(self):
        """Replace weights by their averages, unless this is done already."""
        optimizer = self.model.optimizer
        if not optimizer.use_ema:
            raise ValueError(
                f"optimizer {optimizer.name!r} has use_ema=False; expected one that keeps averages for SwapEMAWeights"
            )
        averages = {weight: optimizer.average_of(weight) for weight in self.model.trainable_weights}
        if not self._trained and optimizer.iterations:  # There are no averages before the first step.
            averages = {weight: average for weight, average in averages.items() if average is not None}
            self._trained = [(weight, weight.numpy()) for weight in averages]
            for weight, average in averages.items():
                weight.assign(average.array)

    def _restore(self):
        """Put the weights back."""
        for weight, elements in self._trained:
            weight.assign(elements)
        self._trained = []

    def on_epoch_begin(self, epoch, logs=None):
        """Put the weights back."""
        self._restore()

    def on_epoch_end(self, epoch, logs=None):
        """Replace the weights, if `swap_on_epoch`."""
        if self.swap_on_epoch:
            self._replace()

    def on_train_end(self, logs=None):
        """Leave the averages in place, as `fit` does."""
        self._trained = []

    def on_test_begin(self, logs=None):
        """Replace the weights."""
        self._replace()

    def on_test_end(self, logs=None):
        """Put the weights back."""
        self._restore()

    def on_predict_begin(self, logs=None):
        """Replace the weights."""
        self._replace()

    def on_predict_end(self, logs=None):
        """Put the weights back."""
        self._restore()
