"""Targets and predictions for tests of metrics."""

import numpy as np

RNG = np.random.default_rng(11)
BINARY = RNG.integers(0, 2, (40, 3)), RNG.random((40, 3)).astype("float32")
ONE_HOT = np.eye(4)[RNG.integers(0, 4, 40)].astype("float32"), RNG.dirichlet(np.ones(4), 40).astype("float32")
LABELS = ONE_HOT[0].argmax(1), ONE_HOT[1]
REAL = RNG.standard_normal((40, 3)).astype("float32"), RNG.standard_normal((40, 3)).astype("float32")
MAPS = RNG.integers(0, 3, (5, 6, 7)), RNG.integers(0, 3, (5, 6, 7))


NAN = float("nan")
CLASSES = [0, 1, 2, 0]
SURE = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [NAN, NAN, NAN]]
SIDES, GUESSES = [[1], [0], [1], [0]], [[0.9], [0.1], [NAN], [NAN]]
NUMBERS = [[1.0], [2.0], [3.0]], [[1.0], [2.0], [NAN]]
