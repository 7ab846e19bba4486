"""The programs in README run, as far as they need no files of their own."""

import re
from pathlib import Path

import numpy as np
import pytest

TEXT = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)

#: What a program reads that README does not make: files of users, or much time.
_NEEDED = ("photo.jpg", "annotations.json", "street.mp4", "mtcnn.npz", "plates", "masks", "visualize")


def test_all_programs_are_python():
    assert len(BLOCKS) > 8
    for block in BLOCKS:
        compile(block, "README.md", "exec")


def test_programs_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    images, kernel = rng.random((2, 8, 8, 3), dtype="float32"), rng.random((3, 3, 3, 4), dtype="float32")
    names = {"images": images, "kernel": kernel, "bias": np.zeros(4, "float32"), "dy": np.ones((2, 4, 4, 4), "float32")}
    run = [block for block in BLOCKS if not any(word in block for word in _NEEDED)]
    assert len(run) >= 5
    for block in run:
        exec(block.replace("epochs=10", "epochs=1"), names)
    assert "FC → ReLU → FC" in capsys.readouterr().out
    assert names["dkernel"].shape == kernel.shape
    assert names["quantized"].predict(names["x"][:1]) == pytest.approx(names["model"].predict(names["x"][:1]), abs=0.05)
