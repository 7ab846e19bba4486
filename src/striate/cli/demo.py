"""``demo``: a network learns to read handwritten digits."""

import time

from .._common.terminal import picture, probability_table, show, side_by_side
from ..optimizers import Adam
from .data import digits, network_for_digits
from .options import add_training_options
from .pictures import prepare, write_pictures


def add_options(parser):
    """Add the options of the command."""
    add_training_options(parser, epochs=15)
    parser.add_argument(
        "--show",
        metavar="FOLDER",
        nargs="?",
        const="striate-demo",
        help="write pictures of what was learned to a folder (default: %(const)s)",
    )


def demo(arguments):
    """Train the pattern network on the embedded digits and show what it has learned."""
    if arguments.show is not None:
        prepare(arguments.show)  # An error here comes before the training, not after it.
    (x_train, y_train), (x_test, y_test) = digits(arguments.seed)
    model = network_for_digits(arguments.seed)
    show(
        f"striate learns to read: {len(x_train):,} handwritten digits of 8 x 8 pixels to learn from, {len(x_test)} held back.\n"
        f"{model.name}\n"
    )
    model.summary()
    model.compile(Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    show()
    start = time.perf_counter()
    history = model.fit(x_train, y_train, batch_size=32, epochs=arguments.epochs)
    seconds = time.perf_counter() - start
    accuracy = model.evaluate(x_test, y_test, return_dict=True)["accuracy"]
    show(f"\nAccuracy on the {len(x_test)} digits held back: {accuracy:.2%} (trained in {seconds:.1f} s)\n")

    probabilities = model.predict(x_test[:1])[0]
    show(side_by_side(picture(x_test[0, ..., 0]), probability_table(probabilities, y_test[0])))
    if arguments.show is not None:
        show()
        write_pictures(arguments.show, model, history, x_test, y_test)
    return 0
