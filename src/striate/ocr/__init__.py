"""Reading: what is written in the image of a line of text.

``recognizer``  recognizers of lines: training, reading, evaluation, files
``network``     their networks: convolutions, and scores of the characters for each column
``loss``        the loss of lines of different widths
``lines``       images of lines as networks take them
``alphabet``    characters and their labels
``accuracy``    how much of a text was read correctly
"""

from .._common.names import public_attributes
from .accuracy import ReadingAccuracy, character_error_rate, levenshtein_distance, reading_accuracy, word_accuracy
from .recognizer import Reading, TextRecognizer, load_text_recognizer

__all__ = [
    "Reading",
    "ReadingAccuracy",
    "TextRecognizer",
    "character_error_rate",
    "levenshtein_distance",
    "load_text_recognizer",
    "reading_accuracy",
    "word_accuracy",
]

__getattr__, __dir__ = public_attributes(globals())
