"""The benchmark of detectors: PyTorch's network and losses are those of striate."""

import numpy as np
import pytest

from benchmarks.detection import definitions
from striate.detection import Dataset, Objects


@pytest.mark.parametrize("name", ["digits", "streets", "frame"])
def test_detectors_are_small(name):
    assert definitions.detector(name).model.count_params() <= 150_000


def test_the_peer_computes_the_same():
    torch = pytest.importorskip("torch")
    from benchmarks.detection import peer

    detector, task = definitions.detector("digits"), definitions.TASKS["digits"]
    for layer in detector.model.layers:  # at the beginning, biases and moving means are all 0
        for weight in layer.weights:
            if weight.shape == (task.channels,):
                weight.assign(np.random.default_rng(len(weight.name)).uniform(0.5, 1.5, weight.shape))
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, *task.shape), np.uint8)
    data = Dataset(images, [Objects([[10, 20, 50, 60], [70, 8, 99, 40]], [1, 7]), Objects([], [])], task.classes)
    x, targets, weights = detector._batch(data, (), [np.arange(2)], rng)

    network = peer.Network(task).load(definitions.weights_by_layer(detector)).eval()
    with torch.no_grad():
        outputs = network(peer.image(x))
        loss = peer.loss_of(outputs, *([torch.from_numpy(each) for each in arrays] for arrays in (targets, weights)))
    for got, want in zip(outputs, detector.model.predict(x, verbose=0), strict=True):
        np.testing.assert_allclose(got.numpy(), want, rtol=1e-4, atol=1e-3)

    detector.fit(data, epochs=0, verbose=0)
    expected = detector.model.evaluate(x, list(targets), sample_weight=list(weights), verbose=0)[0]
    assert float(loss) == pytest.approx(expected, rel=1e-4)
