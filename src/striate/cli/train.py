"""``train``: a network learns a data set."""

import os
import sys
import time

from .. import threads
from .._common.files import check_folder
from .._common.terminal import show
from ..architectures import LeNet5
from ..optimizers import Adam
from .data import DATASETS, load, network_for_digits
from .options import add_training_options, positive


def add_options(parser):
    """Add the options of the command."""
    add_training_options(parser, epochs=2)
    parser.add_argument("dataset", choices=DATASETS, help="data set to train on")
    parser.add_argument(
        "--data",
        default=os.environ.get("STRIATE_DATA"),
        help="folder of the IDX files, or its parent folder (default: the environment variable STRIATE_DATA)",
    )
    parser.add_argument("--batch-size", type=positive(int), default=64, help="images per step (default: %(default)s)")
    parser.add_argument(
        "--learning-rate", type=positive(float), default=1e-3, help="learning rate of Adam (default: %(default)s)"
    )
    parser.add_argument("--save", metavar="PATH", help="where to write the trained model")


def train(arguments):
    """Train LeNet-5, or for the digits the demo's network, and report its accuracy on the test images."""
    if arguments.save is not None:
        check_folder(arguments.save)  # An error here comes before the training, not after it.
    (x_train, y_train), (x_test, y_test) = load(arguments.dataset, arguments.data, arguments.seed)
    if arguments.dataset == "digits":
        model = network_for_digits(arguments.seed)
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


def _peak_memory():
    try:
        import resource
    except ImportError:  # Windows does not have it.
        return ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f", peak memory {peak / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MiB"
