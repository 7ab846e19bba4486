"""Whole networks in each library: prediction and a training step, time and memory."""
