"""The command line's parser: which commands there are, and how they are run."""

import argparse
import sys

from .. import threads
from . import convert, demo, detect, explain, filter, info, predict, train

#: The modules of the commands. Each has a function of its own name, and `add_options`.
_COMMANDS = (demo, train, predict, detect, explain, filter, convert, info)


def _parser():
    parser = argparse.ArgumentParser(prog="striate", description="Convolutional neural networks on CPUs, on NumPy arrays.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _COMMANDS:
        name = module.__name__.rpartition(".")[2]
        function = getattr(module, name)
        sub = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        sub.set_defaults(function=function)
        module.add_options(sub)
    return parser


def main(arguments=None):
    """Run a command; return the exit code."""
    arguments = _parser().parse_args(arguments)
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
