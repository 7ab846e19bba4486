"""``info``: what striate runs on."""

from ..versions import show_versions


def add_options(parser):
    """Add no options."""


def info(arguments):
    """Print versions, processor, instruction set, BLAS, OpenMP and threads."""
    show_versions()
    return 0
