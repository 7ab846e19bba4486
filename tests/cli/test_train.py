"""The command train."""

import os
import re

import pytest

import striate
from striate.cli import main


def test_train_on_the_digits_and_save(tmp_path, capsys):
    path = tmp_path / "model.npz"
    assert main(["train", "digits", "--epochs", "1", "--threads", "1", "--save", str(path)]) == 0
    assert "Test accuracy" in capsys.readouterr().out
    assert striate.Sequential.load(path).output_shape == (None, 10)


@pytest.mark.skipif("STRIATE_DATA" not in os.environ, reason="STRIATE_DATA names no folder with the data")
@pytest.mark.parametrize(("dataset", "wanted"), [("mnist", 98.0), ("fashion-mnist", 85.5)])
def test_train_on_real_data(dataset, wanted, capsys):
    assert main(["train", dataset, "--epochs", "2", "--seed", "1"]) == 0
    out = capsys.readouterr().out
    assert "60,000 images to learn from, 10,000 to test on" in out
    assert float(re.search(r"Test accuracy ([\d.]+)%", out)[1]) >= wanted


def test_training_on_mnist_needs_a_folder(monkeypatch, capsys):
    monkeypatch.delenv("STRIATE_DATA", raising=False)
    assert main(["train", "mnist"]) == 1
    assert "--data is missing" in capsys.readouterr().err
