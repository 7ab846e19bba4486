"""The command info."""

import re
from importlib import metadata

import striate
from striate.cli import main


def test_info_prints_versions_and_threads(capsys):
    assert main(["info"]) == 0
    out = capsys.readouterr().out
    for name in ("striate", "Python", "NumPy", "processor", "instruction set", "BLAS", "OpenMP", "threads"):
        assert re.search(rf"^{name} +\S", out, re.MULTILINE)
    assert f"striate          {metadata.version('striate')}\n" in out
    assert "OpenBLAS" in out
    assert f"instruction set  {striate.kernels.instruction_set} " in out
