"""Normalization by the statistics of a batch, of a sample's groups of channels, and of neighbouring channels."""
