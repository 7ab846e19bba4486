"""Draw the picture of the landing page, _static/landing.svg: what a trained network sees in a digit that it never saw before.

python docs/landing_picture.py
"""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np

from striate import Model, Sequential, layers
from striate.datasets import load_digits

PICTURE = Path(__file__).parent / "_static" / "landing.svg"

GREY = np.array([[18, 30, 46], [245, 247, 250]])
COLOURS = np.array([[18, 53, 91], [111, 211, 199], [255, 209, 102]])  # the logo's


def trained():
    """Return a trained network, and digits that were held back, with their classes."""
    x, y = load_digits()
    x = x[..., np.newaxis].astype(np.float32) / 16
    order = np.random.default_rng(0).permutation(len(x))
    rest, held_back = order[360:], order[:360]
    model = Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="low"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="high"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        rng=0,
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[rest], y[rest], epochs=20, verbose=0)
    return model, x[held_back], y[held_back]


def png(plane, colours):
    """Return an image as the address of an embedded PNG: its smallest value has the first colour, its largest the last."""
    scaled = (plane - plane.min()) / (np.ptp(plane) or 1) * (len(colours) - 1)
    channels = [np.interp(scaled, range(len(colours)), channel) for channel in colours.T]
    pixels = np.stack(channels, axis=-1).round().astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    height, width = plane.shape
    chunks = [(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    parts = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def image(plane, x, y, size, colours=COLOURS):
    """Return an image as an SVG element."""
    return f'<image x="{x}" y="{y}" width="{size}" height="{size}" href="{png(plane, colours)}"/>'


def label(text, x, y, anchor="middle"):
    """Return a text as an SVG element."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'


def arrow(x, y):
    """Return an arrow to the right as an SVG element."""
    return f'<path d="M{x} {y}h12m-4 -4l4 4l-4 4"/>'


def picture():
    """Return the picture as SVG: a digit, its feature maps in two layers, and the probabilities of the classes."""
    model, x, y = trained()
    sample = next(i for i, digit in enumerate(y) if digit == 3)
    low, high, probabilities = (
        each[0]
        for each in Model(
            model.inputs, [model.get_layer("low").output, model.get_layer("high").output, model.outputs[0]]
        ).predict(x[sample : sample + 1])
    )
    parts = [image(x[sample, ..., 0], 4, 52, 96, GREY), arrow(106, 100)]
    parts += [image(low[..., i], 126 + i % 2 * 42, 18 + i // 2 * 42, 38) for i in range(8)]
    parts.append(arrow(214, 100))
    parts += [image(high[..., i], 234 + i % 4 * 27, 46 + i // 4 * 27, 24) for i in range(16)]
    parts.append(arrow(348, 100))
    for digit, probability in enumerate(probabilities):
        top = 20 + digit * 16.4
        parts.append(label(digit, 382, f"{top + 11:.1f}", "end"))
        parts.append(f'<rect x="388" y="{top + 1:.1f}" width="{max(probability * 86, 1):.1f}" height="11" rx="2"/>')
    captions = [("pixels", 52), ("low level", 166), ("high level", 287), ("classes", 425)]
    parts += [label(text, x, 204) for text, x in captions]
    title = (
        f"A handwritten {y[sample]}, its feature maps in a trained network, and the network's answer, {probabilities.argmax()}"
    )
    return (
        '<svg class="landing-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 212" role="img" '
        f'aria-label="{title}">' + "\n".join(parts) + "</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
