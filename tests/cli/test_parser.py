"""The command line's parser: usage, errors, and any encoding."""

import os
import re
import subprocess
import sys

import pytest

from striate.cli import main


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


def test_the_command_line_runs_in_any_encoding():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "striate", "demo", "--epochs", "1"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Accuracy" in run.stdout
