"""The command detect."""

import json
import re

import numpy as np
import pytest

from striate import image
from striate.cli import main
from striate.detection import Dataset, Detector, Objects, simple_backbone

Image = pytest.importorskip("PIL.Image")


def squares(count, seed=0):
    """Return images with a bright square each."""
    rng = np.random.default_rng(seed)
    images, objects = rng.integers(0, 50, (count, 32, 32), np.uint8), []
    for each in images:
        row, column, size = rng.integers((0, 0, 10), (14, 14, 18))
        each[row : row + size, column : column + size] = 230
        objects.append(Objects([[column, row, column + size, row + size]], [0]))
    return Dataset(images, objects, ["square"])


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    """Return the path of a detector of squares."""
    backbone = simple_backbone((32, 32, 1), (8, 16, 16), rng=0)
    made = Detector(["square"], (32, 32, 1), backbone, strides=(8,), channels=16, rng=0)
    made.fit(squares(64), epochs=15, verbose=0)
    path = tmp_path_factory.mktemp("detector") / "squares.npz"
    made.save(path)
    return path


def test_boxes_and_an_animation_are_written(detector, tmp_path, capsys):
    data = squares(4, seed=1)
    for i, (pixels, _) in enumerate(data):
        image.write(tmp_path / f"{i}.png", pixels)
    out = tmp_path / "found.gif"
    assert main(["detect", str(detector), str(tmp_path), str(out), "--threshold", "0.4"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"^4 frames, \d+ objects, \d+ frames a second \(with reading, drawing and writing: \d+\)$", text, re.M)
    assert f"{out}: the frames with boxes" in text
    lines = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text().splitlines()]
    assert [line["frame"] for line in lines] == [0, 1, 2, 3]
    for line, (_, objects) in zip(lines, data, strict=True):
        best = line["objects"][0]
        assert best["class"] == "square"
        assert 0.4 < best["score"] <= 1
        np.testing.assert_allclose(best["box"], objects.boxes[0], atol=4)
    with Image.open(out) as animation:
        assert animation.n_frames == 4
        assert animation.size == (32, 32)
        assert animation.info["duration"] == 100


def test_an_animation_is_a_video_and_frames_are_limited(detector, tmp_path, capsys):
    pictures = [Image.fromarray(each) for each in squares(3, seed=2).images]
    pictures[0].save(tmp_path / "in.gif", save_all=True, append_images=pictures[1:])
    arguments = ["detect", str(detector), str(tmp_path / "in.gif"), str(tmp_path / "out.webp"), "--frames", "1"]
    assert main(arguments) == 0
    assert "1 frames, " in capsys.readouterr().out
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1


def test_tracks_have_identities(detector, tmp_path, capsys):
    pytest.importorskip("scipy")
    rng = np.random.default_rng(0)
    for i in range(8):
        frame = rng.integers(0, 50, (32, 32), np.uint8)
        frame[8:22, i : i + 14] = 230
        image.write(tmp_path / f"{i}.png", frame)
    out = tmp_path / "found.gif"
    assert main(["detect", str(detector), str(tmp_path), str(out), "--track", "--threshold", "0.4"]) == 0
    assert re.search(r"^8 frames, \d+ objects", capsys.readouterr().out, re.M)
    lines = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text().splitlines()]
    best = [line["objects"][0] for line in lines]
    assert {each["id"] for each in best} == {1}
    assert best[7]["box"][0] - best[0]["box"][0] == pytest.approx(7, abs=3)
    with Image.open(out) as animation:
        assert animation.n_frames == 8


def test_what_cannot_be_done_is_told_in_a_line(detector, tmp_path, capsys):
    image.write(tmp_path / "a.png", np.zeros((8, 8), np.uint8))
    (tmp_path / "empty").mkdir()
    for video, out, message in (
        (tmp_path, "no/such/out.gif", "striate: path='no/such/out.gif' cannot be written"),
        (tmp_path, tmp_path / "out.jsonl", "striate: OUT='.*out.jsonl' is the file of the boxes; expected an animation"),
        (tmp_path / "empty", tmp_path / "out.gif", "striate: path='.*empty' is a folder without images; expected some"),
    ):
        assert main(["detect", str(detector), str(video), str(out)]) == 1
        assert re.match(message, capsys.readouterr().err)
    assert not (tmp_path / "out.jsonl").exists()


def test_an_ending_that_cannot_be_written_is_refused_before_anything_is(detector, tmp_path, capsys):
    kept = tmp_path / "out.jsonl"
    kept.write_text("kept")
    assert main(["detect", str(detector), str(tmp_path), str(tmp_path / "out.mp4")]) == 1
    assert "out.mp4' is no animation of images; expected the ending .gif, .png or .webp" in capsys.readouterr().err
    assert kept.read_text() == "kept"
