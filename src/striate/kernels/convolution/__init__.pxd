"""Convolutions of floats: a module an algorithm, and the parts that these are made of."""
