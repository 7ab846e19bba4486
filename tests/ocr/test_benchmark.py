"""The benchmark of recognizers: PyTorch's network and loss are those of striate, and so are its batches."""

import numpy as np
import pytest

from benchmarks.reading import definitions
from striate.datasets import text_lines
from striate.ocr import TextRecognizer
from striate.ocr.alphabet import encode
from striate.ocr.lines import LineBatches


def test_the_peer_computes_the_same():
    torch = pytest.importorskip("torch")
    from benchmarks.reading import peer

    recognizer = definitions.recognizer(0)
    for i, weight in enumerate(recognizer.model.weights):  # at the beginning, biases and moving means are all 0
        if len(weight.shape) == 1:
            weight.assign(np.random.default_rng(i).uniform(0.5, 1.5, weight.shape))
    images, texts = text_lines.generate(8)
    x, y = LineBatches(images, encode("texts", texts, recognizer.alphabet), 8, np.random.default_rng(0))[0]

    network = peer.Network(recognizer.model).eval()
    with torch.no_grad():
        outputs = network(peer.image(x))
        loss = peer.loss_of(outputs, y)
    np.testing.assert_allclose(outputs.numpy(), recognizer.model.predict(x, verbose=0), rtol=1e-4, atol=1e-3)
    recognizer.fit(images, texts, epochs=0, verbose=0)
    assert float(loss) == pytest.approx(recognizer.model.evaluate(x, y, verbose=0), rel=1e-4)


def test_the_peer_learns(monkeypatch):
    """It reads a few lines of three characters that it has learned from, as `TextRecognizer` does in its example."""
    pytest.importorskip("torch")
    from benchmarks.reading import peer

    small = TextRecognizer("01+", filters=(8, 16, 16, 24, 24, 32), rng=0)
    monkeypatch.setattr(definitions, "recognizer", lambda seed: small)
    monkeypatch.setitem(definitions.TASKS, "lines", definitions.Task(train=64, test=32, epochs=60))
    lines = text_lines.generate(64, alphabet="01+", longest=8)
    result = peer.train("lines", lines, [part[:32] for part in lines], seed=0)
    assert result["character_error_rate"] < 0.1
    assert result["word_accuracy"] > 0.7
    assert result["seconds"] > 0 < result["processor seconds"]
