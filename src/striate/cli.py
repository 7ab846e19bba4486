"""The command line: ``python -m striate demo``, ``train`` and ``info``."""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

from . import data, datasets, threads
from ._common.files import check_folder
from ._common.terminal import picture, probability_table, show, side_by_side
from .architectures import LeNet5, pattern
from .optimizers import Adam
from .versions import show_versions

#: Data sets that `train` knows, each with the name of its folder in ``--data``; None for the embedded digits.
DATASETS = {"digits": None, "mnist": "mnist", "fashion-mnist": "fashion-mnist"}


def _network_for_digits(seed):
    return pattern((8, 8, 1), conv=[(2, 32), (2, 64)], dense=[128], rng=seed)


def _images(x, largest):
    return np.divide(x[..., np.newaxis], largest, dtype=np.float32)


def _digits(rng):
    """Return the embedded digits, shuffled, the last fifth held back for testing."""
    x, y = datasets.load_digits()
    order = np.random.default_rng(rng).permutation(len(x))
    x, y = _images(x[order], 16), y[order]
    held_back = len(x) // 5
    return (x[:-held_back], y[:-held_back]), (x[-held_back:], y[-held_back:])


def _load(name, folder, seed):
    if DATASETS[name] is None:
        return _digits(seed)
    if folder is None:
        raise ValueError(f"--data is missing; expected the folder that holds the IDX files of {name} (or set STRIATE_DATA)")
    folder = Path(folder)
    if (folder / DATASETS[name]).is_dir():
        folder = folder / DATASETS[name]
    (x_train, y_train), (x_test, y_test) = data.load_mnist(folder)
    return (_images(x_train, 255), y_train), (_images(x_test, 255), y_test)


def demo(arguments):
    """Train the pattern network on the embedded digits and show what it has learned."""
    (x_train, y_train), (x_test, y_test) = _digits(arguments.seed)
    model = _network_for_digits(arguments.seed)
    show(
        f"striate learns to read: {len(x_train):,} handwritten digits of 8 x 8 pixels to learn from, {len(x_test)} held back.\n"
        f"{model.name}\n"
    )
    model.summary()
    model.compile(Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    show()
    start = time.perf_counter()
    model.fit(x_train, y_train, batch_size=32, epochs=arguments.epochs)
    seconds = time.perf_counter() - start
    accuracy = model.evaluate(x_test, y_test, return_dict=True)["accuracy"]
    show(f"\nAccuracy on the {len(x_test)} digits held back: {accuracy:.2%} (trained in {seconds:.1f} s)\n")

    probabilities = model.predict(x_test[:1])[0]
    show(side_by_side(picture(x_test[0, ..., 0]), probability_table(probabilities, y_test[0])))
    return 0


def train(arguments):
    """Train LeNet-5, or for the digits the demo's network, and report its accuracy on the test images."""
    if arguments.save is not None:
        check_folder(arguments.save)  # An error here comes before the training, not after it.
    (x_train, y_train), (x_test, y_test) = _load(arguments.dataset, arguments.data, arguments.seed)
    if arguments.dataset == "digits":
        model = _network_for_digits(arguments.seed)
    else:
        model = LeNet5(x_train.shape[1:], int(y_train.max()) + 1, rng=arguments.seed)
    model.summary()
    model.compile(Adam(arguments.learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    show(f"\n{len(x_train):,} images to learn from, {len(x_test):,} to test on; {threads.get_num_threads()} threads")
    start = time.perf_counter()
    model.fit(x_train, y_train, batch_size=arguments.batch_size, epochs=arguments.epochs)
    seconds = time.perf_counter() - start
    if arguments.save is not None:  # Saving comes first, so that no later error can lose the training.
        model.save(arguments.save)
        show(f"Saved to {arguments.save}")
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=256)
    show(f"Test accuracy {accuracy:.2%}, loss {loss:.4f}; trained in {seconds:.1f} s{_peak_memory()}")
    return 0


def info(arguments):
    """Print versions, processor, instruction set, BLAS, OpenMP and threads."""
    show_versions()
    return 0


def _peak_memory():
    try:
        import resource
    except ImportError:  # Windows does not have it.
        return ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f", peak memory {peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MiB"


def _positive(kind):
    def parse(text):
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    parse.__name__ = kind.__name__
    return parse


def _parser():
    parser = argparse.ArgumentParser(prog="striate", description="Convolutional neural networks on CPUs, on NumPy arrays.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(function, **defaults):
        sub = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        sub.set_defaults(function=function)
        if defaults:
            sub.add_argument(
                "--epochs",
                type=_positive(int),
                default=defaults["epochs"],
                help="passes over the training images (default: %(default)s)",
            )
            sub.add_argument("--seed", type=int, default=0, help="seed of all random numbers (default: %(default)s)")
            sub.add_argument("--threads", type=_positive(int), help="threads to use (default: all processors)")
        return sub

    command(demo, epochs=15)
    sub = command(train, epochs=2)
    sub.add_argument("dataset", choices=DATASETS, help="data set to train on")
    sub.add_argument(
        "--data",
        default=os.environ.get("STRIATE_DATA"),
        help="folder of the IDX files, or its parent folder (default: the environment variable STRIATE_DATA)",
    )
    sub.add_argument("--batch-size", type=_positive(int), default=64, help="images per step (default: %(default)s)")
    sub.add_argument(
        "--learning-rate", type=_positive(float), default=1e-3, help="learning rate of Adam (default: %(default)s)"
    )
    sub.add_argument("--save", metavar="PATH", help="where to write the trained model")
    command(info)
    return parser


def main(arguments=None):
    """Run a command; return the exit code."""
    arguments = _parser().parse_args(arguments)
    try:
        if getattr(arguments, "threads", None):
            threads.set_num_threads(arguments.threads)
        return arguments.function(arguments)
    except (OSError, ValueError) as error:
        print(f"striate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstriate: stopped", file=sys.stderr)
        return 130
