"""Lines of text: what they depend on, what is written in them, and the strokes that they are drawn with."""

import re
import zlib

import numpy as np
import pytest

from striate.datasets import text_lines
from striate.datasets.stroke_font import CHARACTERS, glyph, ink, set_text

#: What is written in the first lines of seed 4, and how they look.
TEXTS = ["88-FclR +174", "FTCH0D 9SW0B", "26", "1x41", "YBE 8419,6", "C3SA", "tad!CQ0&N9", "HF'D f!fifi:"]
PIXELS = 3357869839


def test_every_character_has_strokes_of_its_own():
    drawn = set()
    for character in CHARACTERS:
        width, lines = glyph(character)
        x, y = lines[..., 0], lines[..., 1]
        assert -0.1 <= x.min() <= x.max() <= width + 0.1, character
        assert -2.7 <= y.min() <= y.max() <= 8.7, character
        drawn.add(ink([lines * [3, -3] + [4, 28]], (40, 32), 2.0).tobytes())
    assert len(drawn) == len(CHARACTERS) == len(set(CHARACTERS))


def test_lines_are_covered_by_their_distance():
    """A line of thickness 4 from (4, 6) to (12, 6), in pixels: whole pixels in it, half ones at its sides, round ends."""
    covered = ink([np.array([[[4.0, 6.0], [12.0, 6.0]]])], (12, 18), 4.0)
    np.testing.assert_array_equal(covered[:, 8], [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0])
    np.testing.assert_array_equal(covered[4:8].sum(0) > 0, (np.arange(18) >= 2) & (np.arange(18) < 14))
    assert covered[4, 2] < covered[5, 2] < 1
    np.testing.assert_array_equal(ink([np.array([[[8.5, 2.5], [8.5, 2.5]]])], (5, 17), 1.0)[2], np.arange(17) == 8)
    assert ink([np.array([[[40.0, 6.0], [52.0, 6.0]]])], (12, 18), 4.0).sum() == 0


def test_curves_end_where_their_points_do_and_have_no_corners():
    _, lines = glyph("C")
    np.testing.assert_array_equal(lines[0, 0], [5.6, 6.3])
    np.testing.assert_array_equal(lines[-1, 1], [5.6, 1.7])
    _, lines = glyph("O")
    np.testing.assert_array_equal(lines[0, 0], lines[-1, 1])
    directions = lines[:, 1] - lines[:, 0]
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    assert (directions * np.roll(directions, 1, 0)).sum(1).min() > 0.7  # at most 45 degrees


def test_characters_stand_side_by_side():
    characters, width = set_text("H I", spacing=2.0)
    assert len(characters) == 2
    assert width == pytest.approx(6 + 2 + 3.6 + 3)
    np.testing.assert_allclose(characters[1] - glyph("I")[1], np.broadcast_to([11.6, 0], characters[1].shape), atol=1e-12)


def test_texts_have_the_characters_of_the_alphabet(rng):
    x, texts = text_lines.generate(300, longest=9)
    assert set("".join(texts)) <= set(text_lines.ALPHABET)
    assert len(set("".join(texts))) > 60
    assert max(map(len, texts)) == 9
    assert all(each == " ".join(each.split()) and each for each in texts)
    assert {image.dtype for image in x} == {np.dtype(np.uint8)}
    assert {image.shape[0] for image in x} == {32}
    _, digits = text_lines.generate(50, alphabet="0123456789")
    assert set("".join(digits)) == set("0123456789")
    _, few = text_lines.generate(20, alphabet="=", longest=3)
    assert {len(each) for each in few} == {1, 2, 3}


def test_wider_texts_have_wider_images():
    x, texts = text_lines.generate(200)
    widths, lengths = np.array([image.shape[1] for image in x]), np.array([*map(len, texts)])
    assert np.corrcoef(widths, lengths)[0, 1] > 0.85
    assert (widths / lengths > 7).all()


def test_text_differs_from_paper():
    """Where the same line is drawn with and without its text, some pixels differ by a good part of the range."""
    opacity = np.zeros((32, 60))
    with_text = opacity.copy()
    with_text[8:24, 10:50:8] = 1
    for seed in range(30):
        made = [text_lines._photographed(np.random.default_rng(seed), each).astype(int) for each in (opacity, with_text)]
        assert np.abs(made[1] - made[0]).max() > 30


def test_lines_depend_on_seed_and_index_only():
    (x, texts), (fewer, same) = text_lines.generate(6), text_lines.generate(3)
    assert same == texts[:3]
    for a, b in zip(fewer, x[:3], strict=True):
        np.testing.assert_array_equal(a, b)
    assert text_lines.generate(3, seed=1)[1] != same
    higher, same_again = text_lines.generate(3, height=48)
    assert same_again == same
    assert [image.shape[0] for image in higher] == [48] * 3


def test_lines_are_the_same_on_every_machine():
    x, texts = text_lines.generate(8, seed=4)
    assert texts == TEXTS
    assert zlib.crc32(b"".join(image.tobytes() for image in x)) == PIXELS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1}, "n=-1 is too small"),
        ({"height": 15}, "height=15 is too small; expected an integer of at least 16"),
        ({"longest": 0}, "longest=0 is too small"),
        ({"alphabet": "a€"}, "alphabet='a€' has '€', which the font lacks; expected characters of"),
        ({"alphabet": " "}, "alphabet=' ' has no character but spaces"),
        ({"seed": -1}, "seed=-1 is too small"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        text_lines.generate(**{"n": 2} | arguments)


def test_no_lines():
    assert text_lines.generate(0) == ([], [])
