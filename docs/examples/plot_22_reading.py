"""
22. Reading
===========

A number on a sign is not one thing to be classified, but a sequence: how many
digits there are, and where, nobody has marked. This page trains a network that
reads lines of text from images and their texts alone, looks at what it
predicts for each column of an image, and then lets a detector find the signs
in a scene and the recognizer read them.
"""

# %%
# Scenes with signs
# -----------------
#
# ``sign_scenes`` draws them: walls, windows and poles, and up to three signs
# with digits in the strokes of a small font of its own. All of this is
# synthetic, no photograph is among it. The numbers of the test scenes are
# drawn anew.

import time

import matplotlib.pyplot as plt
import numpy as np

from striate import detection, ocr, ops, visualize
from striate.datasets import sign_scenes, text_lines

DIGITS = "0123456789"


def scenes(count, seed):
    """Return scenes as a data set, and the texts of their signs."""
    x, boxes, texts = sign_scenes.generate(count, seed=seed, alphabet=DIGITS)
    objects = [detection.Objects(each, [0] * len(each)) for each in boxes]
    return detection.Dataset(x, objects, sign_scenes.CLASSES), texts


def drawn(image, boxes):
    """Return a scene with boxes, enlarged."""
    large = np.kron(image, np.ones((3, 3, 1), np.uint8))
    found = detection.Objects(3 * boxes, [0] * len(boxes))
    return detection.draw_boxes(large, found)


def title(boxes, texts):
    """Return the texts of a scene's signs, from top to bottom."""
    return ", ".join(texts[i] for i in np.argsort(boxes[:, 1]))


train, train_texts = scenes(800, seed=0)
test, test_texts = scenes(150, seed=1)
examples = [drawn(image, objects.boxes) for image, objects in train[:6]]
titles = [title(train[i][1].boxes, train_texts[i]) for i in range(6)]
visualize.plot_images(np.stack(examples), titles, columns=3, size=1.9)

# %%
# Lines, and their texts
# ----------------------
#
# The recognizer learns from the signs, cut out a little too large or too
# small, as a detector finds them, and from some lines of ``text_lines``. It is
# told what is written in each, and nothing else.

rng = np.random.default_rng(0)


def cut(image, box, margin=0.1):
    """Return a part of an image, with a margin of its height around it."""
    beside = margin * (box[3] - box[1])
    left, top, right, bottom = np.rint(box + beside * np.array([-1, -1, 1, 1]))
    rows = slice(int(max(top, 0)), int(bottom))
    return image[rows, int(max(left, 0)) : int(right), 0]


lines, texts = text_lines.generate(500, alphabet=DIGITS, longest=5)
for (image, objects), written in zip(train, train_texts):
    for box, text in zip(objects.boxes, written):
        for _ in range(2):
            moved = box + rng.normal(0, 0.05, 4) * (box[3] - box[1])
            lines.append(cut(image, moved, rng.uniform(0, 0.2)))
            texts.append(text)
print(f"{len(lines)} lines, of {len(set(texts))} different texts")
visualize.plot_images(lines[-8:], texts[-8:], columns=4, size=1.4)

# %%
# The sum over all ways
# ---------------------
#
# For each *column* of a line, here four pixels wide, the network will predict
# a digit, or the *blank*: nothing new here. A text can be written into the
# columns in many ways. In four columns, ``7`` may be ``7---``, ``-77-`` or
# ``7777``: equal neighbours are merged, blanks removed. *Connectionist
# temporal classification* (CTC) adds up the probabilities of all of them, and
# training makes the sum larger. With all classes equally probable:

for steps in (2, 4, 8):
    logits = np.zeros((1, steps, 11))  # the blank and ten digits
    for text, labels in (("7", [8]), ("77", [8, 8]), ("78", [8, 9])):
        loss = ops.ctc_loss([labels], logits, [len(labels)], [steps])[0]
        ways = round(np.exp(-loss) * 11**steps)
        print(f"{text!r:4} in {steps} columns: {ways:3} ways")

# %%
# ``77`` cannot be written into two columns: without a blank between them, the
# two would be merged.
#
# Training
# --------

recognizer = ocr.TextRecognizer(
    DIGITS, filters=(12, 24, 32, 32, 48, 64), rng=0
)
print(recognizer)
new_lines, new_texts = text_lines.generate(
    200, seed=1, alphabet=DIGITS, longest=5
)
start = time.perf_counter()
history = recognizer.fit(
    lines, texts, epochs=5, validation_data=(new_lines, new_texts), verbose=0
)
seconds = time.perf_counter() - start
print(f"trained in {seconds:.0f} s; read are new lines")
for epoch, rate in enumerate(history.history["val_character_error_rate"], 1):
    print(f"epoch {epoch}: {1 - rate:.1%} of the digits are right")

# %%
# What it sees in each column
# ---------------------------
#
# Each column of the picture below belongs to the four pixels above it; rows
# are the blank and the digits. The network has found by itself where the
# digits are: each is predicted in one column or two, and the blank everywhere
# else. That is typical of CTC: a spike for each character.

readings = recognizer.predict(new_lines)
long = [i for i, text in enumerate(new_texts) if len(text) == 5]
line = new_lines[max(long, key=lambda i: readings[i].confidence)]
pixels = (line - line.mean()) / line.std()
width = -(-line.shape[1] // 32) * 32
x = np.zeros((1, 32, width, 1), "float32")
x[0, :, : line.shape[1], 0] = pixels
logits = recognizer.model.predict(x, verbose=0)[0]
p = ops.softmax(logits)[: -(-line.shape[1] // 4)].T

_, axes = plt.subplots(2, 1, figsize=(5.5, 4), layout="constrained")
axes[0].imshow(line, cmap="gray", vmin=0, vmax=255, aspect="auto")
axes[0].set(xticks=[], yticks=[], title=recognizer.read(line).text)
axes[1].imshow(p, cmap="magma", vmin=0, vmax=1, aspect="auto")
axes[1].set(yticks=range(11), yticklabels=["blank", *DIGITS], xlabel="column")

# %%
# When it is wrong
# ----------------
#
# Each reading has a probability. Sorted by it, the lines that are read wrong
# come first: where readings below a threshold are looked at by people, few
# mistakes remain.

order = np.argsort([reading.confidence for reading in readings])
titles = [
    f"{readings[i].text or '?'} ({readings[i].confidence:.2f})" for i in order
]
wrong = [readings[i].text != new_texts[i] for i in order]
print(f"{sum(wrong)} of {len(wrong)} lines are wrong,")
print(f"of which {sum(wrong[:20])} are among the 20 least certain")
visualize.plot_images(
    [new_lines[i] for i in order[:8]], titles[:8], columns=4, size=1.4
)

# %%
# A detector finds the signs
# --------------------------
#
# The detector of page 19 draws a box around each sign.

detector = detection.Detector(
    train.classes,
    image_shape=(128, 128, 1),
    backbone=detection.simple_backbone((128, 128, 1), (8, 16, 32, 48), rng=0),
    strides=(8, 16),
    channels=32,
    rng=0,
)
start = time.perf_counter()
detector.fit(train, epochs=10, verbose=0)
seconds = time.perf_counter() - start
print(f"trained in {seconds:.0f} s")
print(f"mAP@50 in new scenes: {detector.evaluate(test).ap50:.3f}")

# %%
# Both together
# -------------
#
# What is in the boxes is cut out and read. A number counts as right if its
# sign was found and each of its digits was read.

results, titles, right, signs = [], [], 0, 0
for (image, objects), written in zip(test, test_texts):
    found = detector.detect(image)
    parts = [cut(image, box) for box in found.boxes]
    read = [reading.text for reading in recognizer.predict(parts)]
    results.append(drawn(image, found.boxes))
    titles.append(title(found.boxes, read))
    signs += len(objects)
    if len(found):
        overlaps = detection.iou(objects.boxes, found.boxes)
        best = overlaps.argmax(1)
        for text, k, row in zip(written, best, overlaps):
            right += row[k] > 0.5 and read[k] == text
print(f"{right} of {signs} numbers are right ({right / signs:.0%})")
visualize.plot_images(np.stack(results[:6]), titles[:6], columns=3, size=1.9)

# %%
# What to try next
# ----------------
#
# Read with ``beam_width=10``: do other texts become more probable? Cut with
# ``margin=0``, and see what happens to first and last digits. Give both
# networks capitals, too, with ``alphabet=``: how much longer do they need?
# ``python -m benchmarks.reading lines`` trains a recognizer of all 81
# characters of the font, and ``ocr.TextRecognizer`` learns from your own
# images as well.
