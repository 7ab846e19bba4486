"""Models and callbacks that tests of callbacks share."""

import numpy as np

from striate import Sequential, callbacks, layers, optimizers


class FakeModel:
    """A stand-in for a model, with the attributes that callbacks use."""

    def __init__(self):
        self.stop_training = False
        self.optimizer = optimizers.SGD(1.0)
        self.weights = 0
        self.restored = None

    def get_weights(self):
        """Return the index of the epoch in place of weights."""
        return self.weights

    def set_weights(self, weights):
        """Store the weights that were restored."""
        self.restored = weights


def run(callback, key, values):
    """Notify a callback of epochs whose logs have these values, until it ends the training; return the model and all logs."""
    model, all_logs = FakeModel(), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = epoch
        logs = {} if value is None else {key: value}
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, logs)
        all_logs.append(logs)
        if model.stop_training:
            break
    callback.on_train_end()
    return model, all_logs


def model_and_data():
    model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile(optimizers.SGD(0.1), "mse")
    rng = np.random.default_rng(0)
    return model, rng.standard_normal((8, 3)).astype(np.float32), rng.standard_normal((8, 2))


class Interruption(Exception):
    """An interruption of a training."""


def dropout_model(seed):
    model = Sequential([layers.Input((4,)), layers.Dense(8, activation="relu"), layers.Dropout(0.5), layers.Dense(2)], rng=seed)
    model.compile(optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=3), "mse")
    return model


class Interrupting(callbacks.Callback):
    """Interrupts a training at the end of an epoch, before or after its state is saved."""

    def __init__(self, epoch, last=False):
        self.epoch = epoch
        self.comes_last = last

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise Interruption
