"""Recognizers of text: what they learn, lines of all sizes, both ways to read, files, and arguments out of range."""

import re

import numpy as np
import pytest

from striate import Sequential, layers
from striate.datasets.stroke_font import ink, set_text
from striate.ocr import TextRecognizer, load_text_recognizer
from striate.ocr.alphabet import decode, encode
from striate.ocr.lines import LineBatches, columns, stacked
from striate.ocr.loss import columns_needed

SMALL = {"height": 16, "filters": (8, 16, 16, 24, 24, 32)}


def small(alphabet="01+", rng=0):
    return TextRecognizer(alphabet, **SMALL, rng=rng)


def printed(count, alphabet):
    """Return clear images of random texts, black on white or white on black, and the texts."""
    rng, images, texts = np.random.default_rng(0), [], []
    for _ in range(count):
        texts.append("".join(alphabet[i] for i in rng.integers(len(alphabet), size=rng.integers(1, 6))))
        characters, width = set_text(texts[-1], 2.0)
        scale = rng.uniform(1.1, 1.4)
        placed = [lines * [scale, -scale] + [3, 13] for lines in characters]
        drawn = 255 * ink(placed, (16, int(width * scale) + 7), rng.uniform(1, 2))
        images.append((drawn if rng.random() < 0.5 else 255 - drawn).astype(np.uint8))
    return images, texts


@pytest.fixture(scope="module")
def trained():
    """Return a recognizer that has learned from 300 lines, 100 others, and the history of its training."""
    recognizer = small("0147+")
    images, texts = printed(400, "0147+")
    validation = images[300:], texts[300:]
    history = recognizer.fit(images[:300], texts[:300], 12, batch_size=16, verbose=0, validation_data=validation, rng=0)
    return recognizer, images[300:], texts[300:], history.history


def test_digits_are_learned_from_lines(trained):
    recognizer, images, texts, history = trained
    result = recognizer.evaluate(images, texts)
    assert result.character_error_rate < 0.1
    assert result.word_accuracy > 0.7
    assert history["val_character_error_rate"][-1] == result.character_error_rate
    assert history["val_line_accuracy"][-1] == result.line_accuracy > history["val_line_accuracy"][0]
    assert history["loss"][-1] < 0.2 * history["loss"][0]


def test_confidences_tell_what_is_right(trained):
    recognizer, images, texts, _ = trained
    rng = np.random.default_rng(0)
    noisy = [np.clip(image + rng.normal(0, 120, image.shape), 0, 255).astype(np.uint8) for image in images]
    readings = recognizer.predict(images + noisy)
    right = np.array([reading.text == text for reading, text in zip(readings, texts * 2, strict=True)])
    assert right[: len(images)].mean() > 0.7 > right[len(images) :].mean()
    confidences = np.array([reading.confidence for reading in readings])
    assert ((confidences > 0) & (confidences <= 1 + 1e-6)).all()
    assert confidences[right].mean() > confidences[~right].mean() + 0.1


def test_a_beam_finds_readings_at_least_as_probable(trained):
    recognizer, images, _, _ = trained
    greedy, beam = recognizer.predict(images), recognizer.predict(images, beam_width=8)
    assert sum(each.confidence for each in beam) >= sum(each.confidence for each in greedy)
    noise = [np.random.default_rng(i).integers(0, 256, (16, 64), dtype=np.uint8) for i in range(20)]
    greedy, beam = recognizer.predict(noise), recognizer.predict(noise, beam_width=8)
    assert any(a.text != b.text and b.confidence > a.confidence for a, b in zip(greedy, beam, strict=True))


def test_a_line_is_read_alike_alone_and_among_others(trained):
    recognizer, images, _, _ = trained
    together = recognizer.predict(images[:20], batch_size=7)
    for image, reading in zip(images[:20], together, strict=True):
        alone = recognizer.read(image)
        assert alone.text == reading.text
        assert alone.confidence == pytest.approx(reading.confidence, rel=1e-4)


def test_lines_may_have_any_size_and_be_in_colour(trained):
    recognizer, images, _, _ = trained
    expected = [reading.text for reading in recognizer.predict(images[:20])]
    in_colour = [np.repeat(image[..., np.newaxis], 3, 2) for image in images[:20]]
    assert [reading.text for reading in recognizer.predict(in_colour)] == expected
    larger = [np.kron(image, np.ones((3, 3), np.uint8)) for image in images[:20]]
    found = [reading.text for reading in recognizer.predict(larger)]
    assert sum(a == b for a, b in zip(found, expected, strict=True)) >= 18
    for size in ((1, 1), (1, 300), (100, 2)):
        assert isinstance(recognizer.read(np.zeros(size, np.uint8)).text, str)
    assert recognizer.predict([]) == []


def test_files_keep_everything(trained, tmp_path):
    recognizer, images, _, _ = trained
    recognizer.save(tmp_path / "recognizer.npz")
    loaded = load_text_recognizer(tmp_path / "recognizer.npz")
    assert repr(loaded) == repr(recognizer) == "<TextRecognizer of 5 characters in lines 16 pixels high, 18,670 parameters>"
    assert loaded.predict(images[:9]) == recognizer.predict(images[:9])
    with pytest.raises(OSError, match=r"recognizer\.npz"):
        recognizer.save(tmp_path / "recognizer.npz", overwrite=False)
    Sequential([layers.Input((3,)), layers.Dense(2)]).save(tmp_path / "other.npz")
    with pytest.raises(ValueError, match="holds a model of another kind; expected a recognizer of text"):
        load_text_recognizer(tmp_path / "other.npz")


def test_training_is_the_same_for_any_threads(for_any_threads):
    images, texts = printed(12, "01+")

    def train():
        recognizer = small()
        recognizer.fit(images, texts, epochs=1, batch_size=5, verbose=0, rng=3)
        return np.concatenate([weight.ravel() for weight in recognizer.model.get_weights()])

    for_any_threads(train)


def test_lines_of_similar_widths_are_together():
    lines = [np.full((16, width), width, np.uint8) for width in range(10, 210)]
    labels = np.arange(1, 201)[:, np.newaxis]
    batches = LineBatches(lines, labels, 16, np.random.default_rng(0))
    assert len(batches) == 13
    seen = []
    for i in range(len(batches)):
        x, y = batches[i]
        assert x.shape == (len(y), 16, x.shape[2], 1)
        assert x.shape[2] % 32 == 0
        widths = y[:, 1] + 9
        np.testing.assert_array_equal(y[:, 0], -(-widths // 2))
        assert widths.max() - widths.min() < 110
        assert widths.max() <= x.shape[2] < widths.max() + 32
        seen.append(y[:, 1])
    np.testing.assert_array_equal(np.sort(np.concatenate(seen)), np.arange(1, 201))
    before = [batches[i][1][:, 1].tolist() for i in range(len(batches))]
    batches.on_epoch_begin()
    assert [batches[i][1][:, 1].tolist() for i in range(len(batches))] != before


def test_lines_are_standardized_and_padded_with_zeros(rng):
    line = rng.integers(90, 140, (16, 40), dtype=np.uint8)
    x = stacked([line, line[:, :7]])
    assert x.shape == (2, 16, 64, 1)
    assert abs(x[0, :, :40].mean()) < 1e-5
    assert 0.9 < x[0, :, :40].std() < 1
    assert (x[0, :, 40:] == 0).all()
    assert (x[1, :, 7:] == 0).all()
    assert columns(line) == 20
    assert columns(line[:, :7]) == 4
    assert [columns(np.zeros((height, 64))) for height in (16, 32, 48, 64, 128, 512)] == [32, 16, 16, 8, 4, 4]
    assert (stacked([np.full((16, 8), 200, np.uint8)]) == 0).all()


def test_labels_are_those_of_the_characters():
    labels = encode("texts", ["cab", "", "bb"], "abc")
    np.testing.assert_array_equal(labels, [[3, 1, 2], [0, 0, 0], [2, 2, 0]])
    assert [decode(each, "abc") for each in labels] == ["cab", "", "bb"]
    np.testing.assert_array_equal(columns_needed(labels), [3, 0, 3])
    assert decode([2, 1, -1, -1], "abc") == "ba"


IMAGE = np.zeros((16, 40), np.uint8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TextRecognizer(""), "TextRecognizer: alphabet='' has no character, or one twice"),
        (lambda: TextRecognizer("aba"), "alphabet='aba' has no character, or one twice"),
        (lambda: TextRecognizer(3), "alphabet=3"),
        (lambda: TextRecognizer("ab", height=24), "height=24 is not divisible; expected a multiple of 16"),
        (lambda: TextRecognizer("ab", filters=(1, 2)), "filters=(1, 2) has 2 numbers; expected 6"),
        (lambda: small().fit([IMAGE], []), "images has 1 elements and texts 0; expected equal numbers"),
        (lambda: small().fit([], []), "images is empty; expected at least one line"),
        (lambda: small().fit([IMAGE], ["0x"]), "texts[0]='0x' has 'x'; expected characters of the alphabet '01+'"),
        (lambda: small().fit([IMAGE], [3]), "texts[0]=3"),
        (lambda: small().fit([IMAGE.astype(float)], ["0"]), "images[0] has dtype float64; expected an image of uint8"),
        (
            lambda: small().fit([IMAGE, IMAGE[:, :9]], ["0", "0011"]),
            "images[1] is 9 pixels wide at a height of 16, too narrow for '0011'; expected 2 pixels for each character",
        ),
        (lambda: small().fit([IMAGE], ["0"], validation_data=3), "validation_data=3 is not a pair; expected images and texts"),
        (
            lambda: small().fit([IMAGE], ["0"], validation_data=([IMAGE], [])),
            "validation_data[0] has 1 elements and validation_data[1] 0",
        ),
        (lambda: small().evaluate([IMAGE], []), "images has 1 elements and texts 0"),
        (lambda: small().predict([IMAGE], beam_width=0), "beam_width=0 is too small"),
        (lambda: small().predict([IMAGE], batch_size=0), "batch_size=0"),
        (lambda: small().read(np.zeros((0, 4), np.uint8)), "image has shape (0, 4); expected an image with at least one pixel"),
        (lambda: small().read(IMAGE[0]), "image has 1 dimensions, shape (40,)"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()
