"""The command predict."""

import re

import numpy as np
import pytest

import striate
from striate import layers
from striate.cli import main
from striate.cli.images import as_input


def test_predict_shows_the_most_probable_classes(trained, image, capsys):
    assert main(["predict", str(trained), str(image), "--top", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(image)
    assert len(lines) == 4
    assert re.fullmatch(r"7  [01]\.\d\d █+", lines[1])


def test_predict_takes_several_images_and_names(trained, image, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]) + "\n")
    assert main(["predict", str(trained), str(image), str(image), "--names", str(names), "--top", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [lines[i] for i in (0, 3)] == [str(image)] * 2
    assert lines[1].split()[0] == lines[4].split()[0] == "seven"


def test_pixels_are_scaled_unless_the_model_does_it(image):
    plain = striate.Sequential([layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(2)])
    x = as_input(str(image), plain, None)
    assert x.shape == (1, 8, 8, 1)
    assert 0.9 < x.max() <= 1
    np.testing.assert_allclose(as_input(str(image), plain, 51.0), 5 * x, rtol=1e-6)
    parts = [layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(2)]
    own = striate.Sequential([layers.Input((8, 8, 1)), *parts])
    np.testing.assert_allclose(as_input(str(image), own, None), 255 * x, rtol=1e-6)


def test_images_of_16_bits_are_those_of_8(image, tmp_path):
    from PIL import Image

    for channels in (1, 3):
        model = striate.Sequential([layers.Input((24, 32, channels)), layers.Flatten(), layers.Dense(2)])
        x = as_input(str(image), model, None)
        Image.fromarray(np.rint(x[0, ..., 0] * 65535).astype(np.uint16)).save(tmp_path / "deep.png")
        np.testing.assert_allclose(as_input(str(tmp_path / "deep.png"), model, None), x, rtol=0, atol=1e-6)


def test_models_of_any_size_get_images_as_they_are(image):
    parts = [layers.Conv2D(2, 3), layers.GlobalAveragePooling2D()]
    model = striate.Sequential([layers.Input((None, None, 3)), *parts])
    assert as_input(str(image), model, None).shape == (1, 24, 32, 3)


def test_what_cannot_be_predicted_is_told_in_a_line(trained, image, tmp_path, capsys):
    few = tmp_path / "few.txt"
    few.write_text("a\nb\n")
    no_images = tmp_path / "dense.npz"
    striate.Sequential([layers.Input((3,)), layers.Dense(2)]).save(no_images)
    broken = tmp_path / "broken.png"
    broken.write_bytes(image.read_bytes()[:60])
    for arguments, message in (
        ([trained, tmp_path / "nowhere.png"], "striate: .*nowhere.png"),
        ([trained, broken], "striate: .*broken.png' is not .*, or is damaged"),
        ([tmp_path / "nowhere.npz", image], "striate: .*nowhere.npz"),
        ([trained, image, "--names", few], "striate: --names=.* has 2 lines; expected a name for each of 10 classes"),
        ([no_images, image], r"striate: MODEL=.* has inputs of shape \(None, 3\) .*; expected a model with one input, images"),
    ):
        assert main(["predict", *map(str, arguments)]) == 1
        assert re.match(message, capsys.readouterr().err)
    with pytest.raises(SystemExit):
        main(["predict", str(trained)])
