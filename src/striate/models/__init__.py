"""Models: layers put together, trained, evaluated and saved."""

from .sequential import Sequential

__all__ = ["Sequential"]
