"""Convolution in floating point: a module for each algorithm, and the parts that they are made of."""
