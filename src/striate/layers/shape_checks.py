"""Checks of shapes that layers share."""

from .._checks import shown


def check_images(layer, shape):
    """Raise an error unless `shape` is (batch, height, width, channels)."""
    if len(shape) != 4:
        raise ValueError(
            f"layer {layer.name!r} got input of shape {shape}, {len(shape)} dimensions; expected 4: "
            "(batch, height, width, channels)"
        )


def check_sequences(layer, shape):
    """Raise an error unless `shape` is (batch, length, channels)."""
    if len(shape) != 3:
        raise ValueError(
            f"layer {layer.name!r} got input of shape {shape}, {len(shape)} dimensions; expected 3: (batch, length, channels)"
        )


def check_channels(layer, shape):
    """Return how many channels `shape` has, which must be known."""
    if shape[-1] is None:
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)}; expected a known number of channels, the last size"
        )
    return shape[-1]


def check_last_axis(layer, shape):
    """Raise an error unless the layer's `axis` is the last of `shape`, and not the only one."""
    if len(shape) < 2 or layer.axis not in (-1, len(shape) - 1):
        raise ValueError(
            f"layer {layer.name!r} got input of shape {tuple(shape)} with axis={layer.axis}; expected the last axis"
        )


def check_data_format(data_format):
    """Raise an error unless channels come last."""
    if not (data_format is None or (isinstance(data_format, str) and data_format == "channels_last")):
        raise ValueError(f"data_format={shown(data_format)} is not supported; expected 'channels_last' (or None)")
