"""A small classifier of two classes, and its data, that tests of whole trainings share."""

import numpy as np

import striate as keras
from striate import layers

X = np.random.default_rng(0).standard_normal((24, 5)).astype(np.float32)
YES = (X[:, :1] > 0).astype(int)


def network(activation="sigmoid", units=1, **kwargs):
    model = keras.Sequential([keras.Input((5,)), layers.Dense(4, "tanh"), layers.Dense(units, activation)], rng=0)
    model.compile(**{"optimizer": "sgd", "loss": "binary_crossentropy", **kwargs})
    return model
