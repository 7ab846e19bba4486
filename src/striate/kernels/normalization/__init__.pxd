"""Normalization by the statistics of a batch, of groups of channels, and of neighbouring channels."""
