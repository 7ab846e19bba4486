"""The functions that Python calls: see ``bindings.pyx``."""
