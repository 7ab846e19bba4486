"""The command explain."""

import re

import numpy as np
import pytest

import striate
from striate import models, visualize
from striate.cli import main
from striate.cli.images import as_input


@pytest.mark.parametrize("method", ["grad-cam", "grad-cam++", "saliency", "smooth-grad", "integrated-gradients", "occlusion"])
def test_explain_writes_the_image_and_its_explanation(trained, image, method, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["explain", str(trained), str(image), str(out), "--method", method, "--target", "3"]) == 0
    text = capsys.readouterr().out
    assert f"{out}: what speaks for class 3, by {method}" in text
    assert ("feature maps of layer 'conv'" in text) == method.startswith("grad-cam")
    written = striate.utils.img_to_array(striate.utils.load_img(out))
    larger = 256 // 24
    assert written.shape == (24 * larger, 2 * 32 * larger + 8, 3)
    original = striate.utils.img_to_array(striate.utils.load_img(image))
    np.testing.assert_array_equal(written[::larger, : 32 * larger : larger], original)


def test_the_map_covers_the_image(trained, image, tmp_path):
    out = tmp_path / "out.png"
    assert main(["explain", str(trained), str(image), str(out)]) == 0
    written = striate.utils.img_to_array(striate.utils.load_img(out))
    model = models.load_model(trained)
    values = visualize.grad_cam(model, as_input(str(image), model, None)).map
    size = 24 * 10, 32 * 10
    values = striate.ops.image.resize(values[..., np.newaxis], size)[0, ..., 0]
    left, right = written[:, : size[1]], written[:, size[1] + 8 :]
    np.testing.assert_allclose(right, 255 * visualize.overlay(left / 255, values), atol=1.01)


def test_what_cannot_be_explained_is_told_in_a_line(trained, image, tmp_path, capsys):
    for out, more, message in (
        ("no/such/out.png", [], "striate: path='no/such/out.png' cannot be written"),
        (tmp_path / "out.nonsense", [], "striate: path=.*out.nonsense' ends in '.nonsense'; expected the ending of an image"),
        (tmp_path / "out.png", ["--target", "10"], "striate: --target=10 is not a class; expected 0 to 9"),
    ):
        assert main(["explain", str(trained), str(image), str(out), *more]) == 1
        assert re.match(message, capsys.readouterr().err)
