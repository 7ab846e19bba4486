"""Whole networks in each library: time and memory of predictions and of training steps."""
