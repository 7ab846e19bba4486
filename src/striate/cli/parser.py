"""The command line's parser: which commands there are, and how they are run."""

import argparse
import importlib
import sys

from .. import threads

#: What the commands do. The module of each has a function of its name, which this describes, and `add_options`; it is imported
#: when the command is run, since it needs more of striate than the others do.
_COMMANDS = {
    "demo": "Train the pattern network on the embedded digits and show what it has learned.",
    "train": "Train LeNet-5, or for the digits the demo's network, and report its accuracy on the test images.",
    "predict": "Show the most probable classes of images, by a trained model.",
    "detect": "Find objects in each frame of a video; write an animation with their boxes, and the boxes as lines of JSON.",
    "explain": "Write an image beside the places that speak for a class, by a trained model.",
    "filter": (
        "Write an image as a filter makes it, as transparent as it is; values below 0 become black, and those above 255 white."
    ),
    "convert": "Convert weights of another project to a file that striate reads.",
    "info": "Print versions, processor, instruction set, BLAS, OpenMP and threads.",
}


def _parser(chosen):
    """Return the parser, with the options of the chosen command alone, None for those of no command."""
    parser = argparse.ArgumentParser(prog="striate", description="Convolutional neural networks on CPUs, on NumPy arrays.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, description in _COMMANDS.items():
        sub = commands.add_parser(name, help=description, description=description)
        if name == chosen:
            module = importlib.import_module(f".{name}", __package__)
            sub.set_defaults(function=getattr(module, name))
            module.add_options(sub)
    return parser


def main(arguments=None):
    """Run a command; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    chosen = next((each for each in arguments if each in _COMMANDS), None)  # No option comes with a value before the command.
    arguments = _parser(chosen).parse_args(arguments)
    try:
        if getattr(arguments, "threads", None):
            threads.set_num_threads(arguments.threads)
        return arguments.function(arguments)
    except (ImportError, OSError, ValueError) as error:
        print(f"striate: {error}", file=sys.stderr)
        return 1
    except MemoryError as error:
        print(f"striate: not enough memory{f' ({error})' if str(error) else ''}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstriate: stopped", file=sys.stderr)
        return 130
