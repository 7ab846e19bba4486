"""The command line: demo, train and info."""

import os
import re
import subprocess
import sys
from importlib import metadata

import numpy as np
import pytest

import striate
from striate._common.terminal import picture, probability_table, side_by_side
from striate.cli import main


def test_demo_trains_and_prints_its_accuracy(capsys):
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "stage2_pool (MaxPooling2D)" in out
    assert out.count("Epoch") == 15
    accuracy = re.search(r"Accuracy on the 359 digits held back: ([\d.]+)%", out)
    assert float(accuracy[1]) >= 97.5
    assert re.search(r"\b\d  \d\.\d\d ✓", out)


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


def test_info_prints_versions_and_threads(capsys):
    assert main(["info"]) == 0
    out = capsys.readouterr().out
    for name in ("striate", "Python", "NumPy", "processor", "instruction set", "BLAS", "OpenMP", "threads"):
        assert re.search(rf"^{name} +\S", out, re.MULTILINE)
    assert f"striate          {metadata.version('striate')}\n" in out
    assert "OpenBLAS" in out
    assert f"instruction set  {striate.kernels.instruction_set} " in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "mnist", "--data", "nowhere"], r"striate: folder='nowhere' holds neither train-images-idx3-ubyte nor"),
        (["train", "digits", "--epochs", "1", "--save", "no/such/folder"], r"striate: path='no/such/folder' cannot be written"),
    ],
)
def test_errors_are_printed_on_one_line(arguments, message, capsys):
    assert main(arguments) == 1
    assert re.match(message, capsys.readouterr().err)


@pytest.mark.parametrize("arguments", [[], ["fly"], ["train"], ["train", "cats"], ["demo", "--epochs", "0"]])
def test_wrong_usage_prints_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert "usage: striate" in capsys.readouterr().err


def test_training_on_mnist_needs_a_folder(monkeypatch, capsys):
    monkeypatch.delenv("STRIATE_DATA", raising=False)
    assert main(["train", "mnist"]) == 1
    assert "--data is missing" in capsys.readouterr().err


def test_the_command_line_runs_in_any_encoding():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "striate", "demo", "--epochs", "1"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Accuracy" in run.stdout


def test_picture_draws_pixels_as_blocks():
    image = np.array([[0.0, 0.5, 1.0], [1.0, 0.25, 0.0]])
    assert picture(image) == ["  ▒▒██", "██░░  "]


def test_probability_table_marks_the_class():
    lines = probability_table(np.array([0.85, 0.1, 0.05]), 0, ["Cat", "Dog", "Bird"])
    assert [line.split("█")[0].rstrip() for line in lines] == [" Cat  0.85 ✓", " Dog  0.10", "Bird  0.05"]
    assert "0.85 ✗" in probability_table(np.array([0.85, 0.15]), 1)[0]


def test_side_by_side_centres_the_shorter():
    assert side_by_side(["a", "b", "c"], ["X"], gap=1) == "a\nb X\nc"
