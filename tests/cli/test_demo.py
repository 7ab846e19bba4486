"""The command demo."""

import re
import sys
from pathlib import Path

import pytest

from striate.cli import main


def test_demo_trains_and_prints_its_accuracy(capsys):
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "stage2_pool (MaxPooling2D)" in out
    assert out.count("Epoch") == 15
    accuracy = re.search(r"Accuracy on the 359 digits held back: ([\d.]+)%", out)
    assert float(accuracy[1]) >= 97.5
    assert re.search(r"\b\d  \d\.\d\d ✓", out)


PICTURES = [
    "confusion_matrix.png", "curves.png", "embeddings.png", "explanations.png", "feature_maps.png", "filters.png",
    "ideal_images.png", "model.svg", "receptive_field.png", "wrong_examples.png",
]  # fmt: skip


def test_demo_writes_pictures(tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--epochs", "1", "--show"]) == 0
    folder = tmp_path / "striate-demo"
    assert sorted(path.name for path in folder.iterdir()) == PICTURES
    for path in folder.iterdir():
        assert path.read_bytes().startswith(b"<svg" if path.suffix == ".svg" else b"\x89PNG")
    printed = capsys.readouterr().out.splitlines()[-len(PICTURES) :]
    assert sorted(map(Path, printed)) == [Path("striate-demo", name) for name in PICTURES]
    assert not sys.modules["matplotlib.pyplot"].get_fignums()


def test_without_matplotlib_nothing_is_trained(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    assert main(["demo", "--show", str(tmp_path / "pictures")]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("striate: figures need matplotlib, which is not installed; install it with pip install")
    assert "Epoch" not in captured.out
    assert not (tmp_path / "pictures").exists()
