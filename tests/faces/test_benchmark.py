"""The benchmark of verification: PyTorch's network and loss are those of striate."""

import numpy as np
import pytest

from benchmarks.faces import definitions
from striate import losses


def test_the_network_is_small():
    assert definitions.network().count_params() <= 250_000


def test_the_peer_computes_the_same():
    torch = pytest.importorskip("torch")
    from benchmarks.faces import peer

    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 255, (12, definitions.SIZE, definitions.SIZE, 3)).astype(np.float32), np.arange(12) % 4
    model = definitions.network(seed=3)
    network = peer.Network().load(definitions.weights_by_layer(model)).eval()
    with torch.no_grad():
        embeddings = network(peer.image(x))
        loss = peer.loss_of(embeddings, torch.from_numpy(y))
    np.testing.assert_allclose(embeddings.numpy(), model.predict(x, verbose=0), atol=1e-5)
    expected = losses.TripletSemiHardLoss(definitions.MARGIN)(y, embeddings.numpy())
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_both_learn(monkeypatch):
    """A few epochs tell new identities apart better than the pixels do."""
    pytest.importorskip("torch")
    from benchmarks.faces import peer, worker

    for name, value in {"LEARNED": 40, "VERIFIED": 20, "IMAGES": 8, "SIZE": 32, "FILTERS": (8, 16, 32), "EPOCHS": 15}.items():
        monkeypatch.setattr(definitions, name, value)
    _, (x, y) = definitions.data()
    before = definitions.judged(x.reshape(len(x), -1) - x.mean(), y)
    for train in (worker.train, peer.train):
        after = train(seed=0)
        assert after["auc"] > 0.8 > before["auc"] + 0.1
        assert after["equal error rate"] < 0.28 < before["equal error rate"] - 0.05
        assert after["seconds"] > 0
