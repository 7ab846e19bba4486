"""Options that several commands have, and their types."""

import argparse


def positive(kind):
    """Return a function that makes a number above 0 of text."""

    def parse(text):
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    parse.__name__ = kind.__name__
    return parse


def add_training_options(parser, epochs):
    """Add the options of a command that trains."""
    parser.add_argument(
        "--epochs", type=positive(int), default=epochs, help="passes over the training images (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of all random numbers (default: %(default)s)")
    parser.add_argument("--threads", type=positive(int), help="threads to use (default: all processors)")
