"""Batch renormalization: in training, the values of a batch are corrected by what running statistics would give.

A batch with mean m and deviation s is normalized to (x - m) / s r + d, where r = s / S and d = (m - M) / S, clipped, count as
constants in gradients: with the running mean M and deviation S, this is (x - M) / S (Ioffe, S., "Batch renormalization: towards
reducing minibatch dependence in batch-normalized models", NIPS 2017, algorithm 1).
"""

import math

import numpy as np

from .._common.checks import number, shown
from ..engine import operations
from ..engine.operators import apply


def checked_limits(limits):
    """Return the limits of the corrections of batch renormalization as floats."""
    names = ("rmin", "rmax", "dmax")
    if not isinstance(limits, dict) or not set(limits) <= set(names):
        raise ValueError(f"renorm_clipping={shown(limits)} is malformed; expected a dict with some of the keys {names}")
    limits = {name: number(f"renorm_clipping[{name!r}]", limits[name], 0) for name in names if limits.get(name) is not None}
    if limits.get("rmin", 0.0) > limits.get("rmax", math.inf):
        raise ValueError(f"renorm_clipping={shown(limits)} has rmin above rmax; expected it to be at most rmax")
    return limits


def make_statistics(layer, shape):
    """Make the statistics that a `BatchNormalization` keeps beside its moving mean and variance, from their initial values."""
    deviation = np.sqrt(layer.moving_variance.value)
    layer.moving_stddev = _copied(layer, "moving_stddev", deviation)
    layer.renorm_mean = _copied(layer, "renorm_mean", layer.moving_mean.value)
    layer.renorm_stddev = _copied(layer, "renorm_stddev", deviation)


def _copied(layer, name, value):
    """Make a weight with the elements of an array, and return it."""
    return layer.add_weight(value.shape, lambda shape, dtype=None: value, trainable=False, name=name)


def renormalized(layer, mean, variance):
    """Return the corrected scale and offset of a `BatchNormalization`, and update its statistics, from those of a batch."""
    deviation = apply("sqrt", apply("add", variance, layer.epsilon))
    limits = layer.renorm_clipping
    before = apply("maximum", layer.renorm_stddev, math.sqrt(layer.epsilon))
    r = apply("divide", deviation, before)
    r = apply("clip", r, limits.get("rmin", 0.0), limits.get("rmax", math.inf))
    d = apply("divide", apply("subtract", mean, layer.renorm_mean), before)
    d = apply("clip", d, -limits.get("dmax", math.inf), limits.get("dmax", math.inf))
    gamma, beta = apply("stop_gradient", r), apply("stop_gradient", d)
    if layer.gamma is not None:
        gamma, beta = apply("multiply", gamma, layer.gamma), apply("multiply", beta, layer.gamma)
    _update(layer, mean, deviation)
    return gamma, beta if layer.beta is None else apply("add", beta, layer.beta)


def _update(layer, mean, deviation):
    """Update the statistics from those of a batch."""
    operations.MovingMean(mean, layer.renorm_mean, layer.renorm_momentum)
    operations.MovingMean(deviation, layer.renorm_stddev, layer.renorm_momentum)
    operations.MovingMean(mean, layer.moving_mean, layer.momentum)
    old = apply("multiply", layer.moving_stddev, layer.momentum)
    new = apply("add", old, apply("multiply", deviation, 1 - layer.momentum))
    layer.moving_stddev.assign(new)
    # Rounding may make the variance negative.
    layer.moving_variance.assign(apply("maximum", apply("subtract", apply("square", new), layer.epsilon), 0.0))
