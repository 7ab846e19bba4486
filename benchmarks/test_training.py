"""LeNet-5: a training step and a prediction."""

import numpy as np
import pytest

from benchmarks.arrays import random_array
from benchmarks.networks import definitions


@pytest.mark.parametrize("batch", [64])
def test_training_step(benchmark, library, batch):
    train, _ = library.trainer(definitions.lenet(), "adam")
    x, y = random_array(batch, 28, 28, 1), np.arange(batch) % 10
    losses = [train(x, y) for _ in range(30)]
    assert losses[-1] < losses[0]
    benchmark.group = f"LeNet-5 training step n{batch}"
    benchmark(train, x, y)


@pytest.mark.parametrize("batch", [1, 64])
def test_predict(benchmark, library, batch):
    _, predict = library.trainer(definitions.lenet(), "adam")
    x = random_array(batch, 28, 28, 1)
    np.testing.assert_allclose(predict(x).sum(-1), 1, rtol=1e-5)
    benchmark.group = f"LeNet-5 predict n{batch}"
    benchmark(predict, x)
