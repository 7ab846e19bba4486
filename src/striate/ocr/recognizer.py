"""Recognizers of lines of text: a network that is trained on images with their texts, reads others, and is judged by it."""

import math
from typing import NamedTuple

import numpy as np

from .. import ops
from .._common.checks import boolean, integer, integers, sequence, shown
from .._common.docstrings import documented
from .._common.errors import Constructed
from .._common.randomness import generator
from ..callbacks import CallbackList, LambdaCallback
from ..models import load_model
from ..models.arrays import check_batch_size
from ..optimizers import Adam
from ..optimizers.schedules import OneCycle
from .accuracy import check_texts, reading_accuracy
from .alphabet import check_alphabet, decode, encode
from .lines import LineBatches, check_line, check_lines, columns, padded_width, stacked
from .loss import LineLoss, columns_needed
from .network import REDUCTION, CharacterScores, column_stride, network

#: Largest learning rate of the optimizer that `fit` makes.
_LEARNING_RATE = 0.004

#: Number of convolutions of which `filters` tells the channels.
_CONVOLUTIONS = 6

#: Docstring sections of what reads.
_IMAGES_DOC = """
    Parameters
    ----------
    images : sequence of ndarray of uint8, shape (height, width) or (height, width, channels)
        Images of single lines, grey or in colour, of any sizes.
    """
_READING_DOC = """
    Parameters
    ----------
    beam_width : int
        Number of beginnings of a text of which the search for the most probable one keeps track, see
        `striate.ops.ctc_decode`; with 1, the most probable character of each column is taken, which is faster.
    batch_size : int
        Lines computed at once.
    """


class Reading(NamedTuple):
    """What was read in a line.

    Attributes
    ----------
    text : str
        The text.
    confidence : float
        The probability that the network gives it, from 0 to 1.

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.Reading("stop", 0.98).text
    'stop'
    """

    text: str
    confidence: float


class TextRecognizer(Constructed):
    """A network that reads images of single lines of text: convolutions, scores for each column, and CTC [1]_.

    Training needs no places of characters, only the text of each line: it minimizes `striate.losses.CTC`.

    Parameters
    ----------
    alphabet : str
        The characters that texts consist of, such as `striate.datasets.text_lines.ALPHABET`; a space is one of them.
    height : int
        Height that lines are resized to, a multiple of 16. Their widths follow, and may be any.
    filters : sequence of int
        Filters of the convolutions: of five that look at the image, and of those that look at its columns.
    rng : None, int or numpy.random.Generator
        Source of the initial weights, and of what `fit` draws; see `striate.Model`.

    Attributes
    ----------
    model : Model
        The network. For lines (batch, height, width, 1), each with a mean of 0 and a standard deviation of 1, it returns
        logits (batch, columns, characters + 1), that of the blank first. There is a column for each four pixels of lines that
        are 32 high, for each two of those that are 16 high.
    alphabet : str
        The characters.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    References
    ----------
    .. [1] Shi, B., Bai, X. and Yao, C., "An end-to-end trainable neural network for image-based sequence recognition and its
       application to scene text recognition", IEEE TPAMI 39, 2017.

    Examples
    --------
    >>> from striate.datasets import text_lines
    >>> from striate.ocr import TextRecognizer
    >>> images, texts = text_lines.generate(64, height=16, alphabet="01+")
    >>> recognizer = TextRecognizer("01+", height=16, filters=(8, 16, 16, 24, 24, 32), rng=0)
    >>> history = recognizer.fit(images, texts, epochs=60, batch_size=16, verbose=0)
    >>> recognizer.evaluate(images, texts).character_error_rate < 0.05
    True
    >>> recognizer.read(images[0]).text == texts[0]
    True
    """

    def __init__(self, alphabet, height=32, filters=(16, 32, 48, 48, 64, 96), rng=None):
        alphabet = check_alphabet(alphabet)
        height = integer("height", height, REDUCTION)
        if height % REDUCTION:
            raise ValueError(f"height={height} is not divisible; expected a multiple of {REDUCTION}")
        filters = integers("filters", filters, 1)
        if len(filters) != _CONVOLUTIONS:
            raise ValueError(f"filters={shown(filters)} has {len(filters)} numbers; expected {_CONVOLUTIONS}")
        self._set_model(network(alphabet, height, filters, generator(rng)))

    def _set_model(self, model):
        self.model = model
        self.alphabet = model.layers[-1].alphabet
        self._height = model.input_shape[1]

    @classmethod
    def _of(cls, model):
        """Return the recognizer of a network."""
        recognizer = cls.__new__(cls)
        recognizer._set_model(model)
        return recognizer

    def __repr__(self):
        """Return what it reads, and how large it is."""
        size = f"{self.model.count_params():,} parameters"
        return f"<TextRecognizer of {len(self.alphabet)} characters in lines {self._height} pixels high, {size}>"

    @documented(_IMAGES_DOC)
    def fit(
        self,
        images,
        texts,
        epochs=1,
        *,
        batch_size=32,
        optimizer=None,
        validation_data=None,
        callbacks=None,
        verbose="auto",
        rng=None,
    ):
        """Train the recognizer.

        Parameters
        ----------
        texts : sequence of str
            What is written in each image.
        epochs : int
            How often each line is seen.
        batch_size : int
            Lines per step.
        optimizer : str or Optimizer, optional
            See `Model.compile`. None for Adam with one cycle of the learning rate, up to 0.004, over all epochs.
        validation_data : tuple, optional
            Images and texts on which `evaluate` is called after each epoch; the logs then hold ``val_character_error_rate``,
            ``val_word_accuracy`` and ``val_line_accuracy``.
        callbacks : Callback, or list of them, optional
            Called during the training; see `striate.callbacks`.
        verbose : {"auto", 0, 1, 2}
            0 prints nothing, 1 (and "auto") shows progress, 2 prints one line per epoch.
        rng : None, int or numpy.random.Generator
            Source of the order of the lines; the recognizer's own if None.

        Returns
        -------
        History
            Losses after each epoch, and what `evaluate` returned.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above, a text has other characters, or a line is too narrow for its text.
        """
        lines, labels = self._check_pairs("images", images, "texts", texts)
        if not lines:
            raise ValueError("images is empty; expected at least one line")
        narrow = np.flatnonzero(columns_needed(labels) > [columns(line) for line in lines])
        if len(narrow):
            raise ValueError(
                f"images[{narrow[0]}] is {lines[narrow[0]].shape[1]} pixels wide at a height of {self._height}, too narrow for "
                f"{texts[narrow[0]]!r}; expected {column_stride(self._height)} pixels for each character, and as many "
                "between equal ones"
            )
        batch_size, epochs = check_batch_size(batch_size), integer("epochs", epochs, 0)
        listeners = list(CallbackList(callbacks))
        if validation_data is not None:
            listeners.insert(0, self._validation(validation_data))
        batches = LineBatches(lines, labels, batch_size, self.model.rng if rng is None else generator(rng))
        steps = max(epochs * len(batches), 2)
        self.model.compile(Adam(OneCycle(_LEARNING_RATE, steps)) if optimizer is None else optimizer, LineLoss())
        return self.model.fit(batches, epochs=epochs, callbacks=listeners, verbose=verbose)

    def _validation(self, data):
        """Return a callback that adds what `evaluate` returns to the logs of epochs."""
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise ValueError(f"validation_data={shown(data)} is not a pair; expected images and texts")
        self._check_pairs("validation_data[0]", data[0], "validation_data[1]", data[1])

        def evaluate(epoch, logs):
            logs |= {f"val_{name}": value for name, value in self.evaluate(*data)._asdict().items()}

        return LambdaCallback(on_epoch_end=evaluate)

    def _check_pairs(self, of_images, images, of_texts, texts):
        """Return images as grey lines of the network's height, and the labels of as many texts."""
        lines, texts = check_lines(of_images, images, self._height), check_texts(of_texts, texts)
        if len(lines) != len(texts):
            raise ValueError(f"{of_images} has {len(lines)} elements and {of_texts} {len(texts)}; expected equal numbers")
        return lines, encode(of_texts, texts, self.alphabet)

    @documented(_IMAGES_DOC, _READING_DOC)
    def predict(self, images, *, beam_width=1, batch_size=32):
        """Return what is written in each of several images.

        Returns
        -------
        list of Reading

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        lines = check_lines("images", images, self._height)
        beam_width, batch_size = integer("beam_width", beam_width, 1), check_batch_size(batch_size)
        by_width = {}
        for i, line in enumerate(lines):  # A line is read alike, whichever others there are.
            by_width.setdefault(padded_width(line), []).append(i)
        found = [None] * len(lines)
        for indices in by_width.values():
            for start in range(0, len(indices), batch_size):
                chosen = indices[start : start + batch_size]
                for i, reading in zip(chosen, self._read([lines[i] for i in chosen], beam_width), strict=True):
                    found[i] = reading
        return found

    def read(self, image, *, beam_width=1):
        """Return what is written in one image.

        Parameters
        ----------
        image : array_like of uint8, shape (height, width) or (height, width, channels)
            Image of a single line.
        beam_width : int
            See `predict`.

        Returns
        -------
        Reading

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        return self._read([check_line("image", image, self._height)], integer("beam_width", beam_width, 1))[0]

    def _read(self, lines, beam_width):
        """Return the readings of lines of equal padded widths, computed as one batch."""
        scores = self.model(stacked(lines), training=False)
        lengths = [columns(line) for line in lines]
        strategy = "greedy" if beam_width == 1 else "beam_search"
        labels, _ = ops.ctc_decode(scores, lengths, strategy, beam_width=beam_width)
        labels = np.maximum(labels[0], 0)
        losses = ops.ctc_loss(labels, scores, np.count_nonzero(labels, 1), lengths)
        return [
            Reading(decode(each, self.alphabet), math.exp(-loss)) for each, loss in zip(labels, losses.tolist(), strict=True)
        ]

    @documented(_IMAGES_DOC, _READING_DOC)
    def evaluate(self, images, texts, *, beam_width=1, batch_size=32):
        """Return how much of some lines is read correctly.

        Parameters
        ----------
        texts : sequence of str
            What is written in each image.

        Returns
        -------
        ReadingAccuracy

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        images, texts = sequence("images", images, "images"), check_texts("texts", texts)
        if len(images) != len(texts):
            raise ValueError(f"images has {len(images)} elements and texts {len(texts)}; expected equal numbers")
        readings = self.predict(images, beam_width=beam_width, batch_size=batch_size)
        return reading_accuracy(texts, [each.text for each in readings])

    def save(self, path, overwrite=True):
        """Write the recognizer to a file, which `load_text_recognizer` reads.

        Parameters
        ----------
        path : path
            The file, whose name ends in ".npz".
        overwrite : bool
            Whether a file that is there is replaced.

        Raises
        ------
        OSError, ValueError
            If it cannot be written.
        """
        self.model.save(path, overwrite=boolean("overwrite", overwrite))


def load_text_recognizer(path):
    """Read a recognizer from a file that `TextRecognizer.save` wrote.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    TextRecognizer

    Raises
    ------
    ValueError
        If the file holds no recognizer, or is damaged.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from striate import ocr
    >>> recognizer = ocr.TextRecognizer("0123456789", rng=0)
    >>> with TemporaryDirectory() as folder:
    ...     recognizer.save(f"{folder}/recognizer.npz")
    ...     print(ocr.load_text_recognizer(f"{folder}/recognizer.npz"))
    <TextRecognizer of 10 characters in lines 32 pixels high, 127,419 parameters>
    """
    model = load_model(path, compile=False)
    if not model.layers or not isinstance(model.layers[-1], CharacterScores):
        raise ValueError(f"path={str(path)!r} holds a model of another kind; expected a recognizer of text")
    return TextRecognizer._of(model)
