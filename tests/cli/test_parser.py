"""The command line's parser: usage, errors, and any encoding."""

import importlib
import os
import re
import subprocess
import sys

import pytest

from striate.cli import main
from striate.cli.parser import _COMMANDS


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


NEEDLESS = {
    "": {"architectures", "detection", "faces", "image", "tracking", "visualize"},
    "info": {"architectures", "detection", "faces", "image", "tracking", "visualize"},
    **{name: {"faces", "tracking"} for name in ("demo", "train", "predict", "explain", "filter")},
}


@pytest.mark.parametrize("command", NEEDLESS)
def test_commands_import_only_what_they_need(command):
    code = f"""if True:
        import sys
        from striate.cli import main
        try:
            main("{command} --help".split())
        except SystemExit:
            pass
        print(*(name for name in sys.modules if name.startswith("striate.")), file=sys.stderr)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "usage: striate" in run.stdout
    imported = {name.split(".")[1] for name in run.stderr.split()}
    assert "cli" in imported
    assert not imported & NEEDLESS[command]


@pytest.mark.parametrize("name", _COMMANDS)
def test_commands_are_described_as_their_functions_are(name, capsys):
    module = importlib.import_module(f"striate.cli.{name}")
    assert getattr(module, name).__doc__ == _COMMANDS[name]
    for arguments in (["--help"], [name, "--help"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert _COMMANDS[name] in re.sub(r"-\s+", "-", " ".join(capsys.readouterr().out.split()))


def test_the_command_line_runs_in_any_encoding():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "striate", "demo", "--epochs", "1"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Accuracy" in run.stdout
