"""Models: layers put together, trained, used and saved."""

from .model import Model
from .sequential import Sequential

__all__ = ["Model", "Sequential"]
