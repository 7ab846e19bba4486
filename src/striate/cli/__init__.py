"""The command line, ``python -m striate``: a module for each command, and ``parser``, which finds and runs them."""

from .parser import main

__all__ = ["main"]
