"""Elementwise operations: activations, dropout, merging of arrays, and scales and shifts of channels."""
