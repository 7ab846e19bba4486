"""The functions by which Python calls kernels: see ``bindings.pyx``."""
