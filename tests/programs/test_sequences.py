"""Networks of convolutions and recurrent layers that read: lines of digits with CTC, and videos."""

import numpy as np

import striate as keras
from striate import layers, ops
from tests.helpers.small_models import digits

STEPS, CLASSES = 20, 5


def lines(images, labels, count, rng):
    """Return noisy images (2 * STEPS, 10, 1) of digits at uneven distances from left to right, and their labels plus 1.

    The first axis is the one that a reader goes along, as in Keras' example of captchas; targets end with zeros.
    """
    x, targets = 0.2 * rng.random((count, 10, 2 * STEPS, 1)).astype("float32"), np.zeros((count, 4), int)
    for line, target in zip(x, targets, strict=True):
        length = rng.integers(3, 5)
        chosen = rng.integers(0, len(images), length)
        column = rng.integers(0, 2 * STEPS - 8 * length)
        for place, index in enumerate(chosen):
            top = rng.integers(0, 3)
            line[top : top + 8, column : column + 8] += images[index]
            column += rng.integers(8, 8 + (2 * STEPS - column - 8 * (length - place)) // (length - place) + 1)
        target[:length] = labels[chosen] + 1
    return x.transpose(0, 2, 1, 3), targets


def reader():
    inputs = keras.Input((2 * STEPS, 10, 1))
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D()(layers.Conv2D(24, 3, padding="same", activation="relu")(x))
    x = layers.Dense(48, activation="relu")(layers.Reshape((STEPS, -1))(x))
    x = layers.Bidirectional(layers.LSTM(32, return_sequences=True, dropout=0.1))(x)
    return keras.Model(inputs, layers.Dense(1 + CLASSES)(x))


def test_lines_of_digits_are_read():
    images, labels = digits(1797)
    images, labels = images[labels < CLASSES], labels[labels < CLASSES]
    rng = np.random.default_rng(0)
    x, targets = lines(images[:700], labels[:700], 1000, rng)
    x_test, targets_test = lines(images[700:], labels[700:], 200, rng)
    model = reader()
    model.compile(keras.optimizers.Adam(0.01), keras.losses.CTC())
    model.fit(x, targets, batch_size=16, epochs=10, verbose=0)
    read, _ = ops.ctc_decode(model.predict(x_test), np.full(200, STEPS), strategy="greedy", mask_index=0)
    correct = [
        [label for label in line if label > 0] == [label for label in target if label > 0]
        for line, target in zip(np.asarray(read[0]).tolist(), targets_test.tolist(), strict=True)
    ]
    assert np.mean(correct) > 0.8


def videos(count, rng):
    """Return videos (steps, height, width, 1) of a square that moves, and in which of four directions it does so."""
    x, direction = 0.3 * rng.standard_normal((count, 6, 12, 12, 1)).astype("float32"), rng.integers(0, 4, count)
    moves = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
    for video, way in zip(x, moves[direction], strict=True):
        start = rng.integers(5, 6, 2) + rng.integers(-2, 3, 2) * (way == 0) - 2 * way
        for step, frame in enumerate(video):
            row, column = np.clip(start + step * way, 0, 10)
            frame[row : row + 2, column : column + 2] += 1.5
    return x, direction


def test_movements_are_classified():
    rng = np.random.default_rng(0)
    (x, y), (x_test, y_test) = videos(400, rng), videos(100, rng)
    frame = keras.Sequential(
        [keras.Input((12, 12, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
    )
    model = keras.Sequential(
        [keras.Input((None, 12, 12, 1)), layers.TimeDistributed(frame), layers.GRU(16), layers.Dense(4, activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, verbose=0)
    assert model.evaluate(x_test, y_test, return_dict=True, verbose=0)["accuracy"] > 0.9
    assert model.predict(x_test[:, :4]).shape == (100, 4)  # shorter videos
