"""The benchmark of U-Nets: PyTorch's network and loss are those of striate."""

import numpy as np
import pytest

from benchmarks.segmentation import definitions


def test_borders_are_where_cells_touch():
    cells = np.array([[[1, 1, 0, 0, 2], [1, 1, 2, 2, 2], [0, 0, 2, 2, 2]]], np.uint8)
    expected = [[[1, 2, 0, 0, 1], [1, 2, 2, 1, 1], [0, 0, 2, 1, 1]]]
    np.testing.assert_array_equal(definitions.classes_of(cells), expected)


@pytest.mark.parametrize("name", definitions.TASKS)
def test_the_peer_computes_the_same(name):
    torch = pytest.importorskip("torch")
    from benchmarks.segmentation import peer

    model, task = definitions.network(name), definitions.TASKS[name]
    rng = np.random.default_rng(0)
    for weight in model.weights:  # at the beginning, biases and moving means are all 0
        if weight.array.ndim == 1:
            weight.assign(rng.uniform(0.5, 1.5, weight.shape))
    x, y = rng.random((2, *task.shape), np.float32), rng.integers(0, 3, (2, *task.shape[:2]))
    weights = np.array(task.weights, np.float32)[y]
    network = peer.Network(task).load(model).eval()
    with torch.no_grad():
        logits = network(peer.image(x))
        loss = peer.loss_of(logits, torch.from_numpy(y), torch.from_numpy(weights))
    np.testing.assert_allclose(logits.softmax(1).permute(0, 2, 3, 1).numpy(), model.predict(x, verbose=0), rtol=1e-3, atol=1e-6)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert float(loss) == pytest.approx(model.evaluate(x, y, sample_weight=weights, verbose=0), rel=1e-4)
