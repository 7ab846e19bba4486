"""How much of a text was read correctly: by its characters, its words, and as a whole."""

from typing import NamedTuple

from .._common.checks import sequence, text


class ReadingAccuracy(NamedTuple):
    """What `reading_accuracy` returns.

    Attributes
    ----------
    character_error_rate : float
        See `character_error_rate`.
    word_accuracy : float
        See `word_accuracy`.
    line_accuracy : float
        Part of the texts that were read without a mistake.

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.reading_accuracy(["one way", "stop"], ["one war", "stop"]).line_accuracy
    0.5
    """

    character_error_rate: float
    word_accuracy: float
    line_accuracy: float


def levenshtein_distance(first, second):
    """Return the least number of elements to insert, delete or replace in a sequence to get another one [1]_.

    Parameters
    ----------
    first, second : str, or sequence of str
        The sequences: the characters of texts, or lists of words.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If one of them is not what is described above.

    References
    ----------
    .. [1] Wagner, R. and Fischer, M., "The string-to-string correction problem", Journal of the ACM 21, 1974, algorithm X.

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.levenshtein_distance("speed", "spend"), ocr.levenshtein_distance("no entry".split(), "entry".split())
    (1, 1)
    """
    first, second = (_elements(name, value) for name, value in (("first", first), ("second", second)))
    row = list(range(len(second) + 1))  # distances from a beginning of `first` to all beginnings of `second`
    for i, one in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (one != other))
    return row[-1]


def character_error_rate(truths, readings):
    """Return the number of wrong characters as a part of the true ones: the sum of the distances over that of the lengths.

    Parameters
    ----------
    truths : sequence of str
        What is written.
    readings : sequence of str
        What was read.

    Returns
    -------
    float
        From 0; more than 1 if more characters were made up than are there. NaN if there are none.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not as many texts.

    See Also
    --------
    levenshtein_distance

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.character_error_rate(["speed", "limit"], ["spend", "limits"])
    0.2
    """
    truths, readings = _texts(truths, readings)
    return _part(sum(map(levenshtein_distance, truths, readings)), sum(map(len, truths)))


def word_accuracy(truths, readings):
    """Return the part of the words that were read correctly: those in the longest common subsequence of words [1]_.

    Parameters
    ----------
    truths, readings
        As in `character_error_rate`.

    Returns
    -------
    float
        From 0 to 1; NaN if there are no words.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not as many texts.

    References
    ----------
    .. [1] Rice, S., Jenkins, F. and Nartker, T., "The fifth annual test of OCR accuracy", Information Science Research
       Institute, 1996, "Word accuracy".

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.word_accuracy(["give way to trams"], ["give wax to all trams"])
    0.75
    """
    truths, readings = _texts(truths, readings)
    pairs = [(truth.split(), reading.split()) for truth, reading in zip(truths, readings, strict=True)]
    return _part(sum(_common_length(*pair) for pair in pairs), sum(len(words) for words, _ in pairs))


def reading_accuracy(truths, readings):
    """Return how much of some texts was read correctly, by their characters, their words, and as a whole.

    Parameters
    ----------
    truths, readings
        As in `character_error_rate`.

    Returns
    -------
    ReadingAccuracy

    Raises
    ------
    TypeError, ValueError
        If the arguments are not as many texts.

    Examples
    --------
    >>> from striate import ocr
    >>> ocr.reading_accuracy(["one way", "stop"], ["one war", "stop"])
    ReadingAccuracy(character_error_rate=0.09090909090909091, word_accuracy=0.6666666666666666, line_accuracy=0.5)
    """
    truths, readings = _texts(truths, readings)
    right = sum(truth == reading for truth, reading in zip(truths, readings, strict=True))
    return ReadingAccuracy(character_error_rate(truths, readings), word_accuracy(truths, readings), _part(right, len(truths)))


def _common_length(first, second):
    """Return the length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for one in first:
        diagonal = 0
        for j, other in enumerate(second, 1):
            diagonal, row[j] = row[j], diagonal + 1 if one == other else max(row[j], row[j - 1])
    return row[-1]


def _part(count, whole):
    """Return a part of a whole, NaN if there is none."""
    return count / whole if whole else float("nan")


def _elements(name, value):
    """Return the characters of a text, or the words of a list."""
    return list(value) if isinstance(value, str) else check_texts(name, value)


def _texts(truths, readings):
    """Return what is written and what was read as lists of equal length."""
    truths, readings = check_texts("truths", truths), check_texts("readings", readings)
    if len(truths) != len(readings):
        raise ValueError(f"truths has {len(truths)} texts and readings {len(readings)}; expected equal numbers")
    return truths, readings


def check_texts(name, value):
    """Return a sequence of texts as a list."""
    return [text(f"{name}[{i}]", each) for i, each in enumerate(sequence(name, value, "texts"))]
