"""Checks of shapes that layers share."""


def check_images(layer, shape):
    """Raise an error unless `shape` is (batch, height, width, channels)."""
    if len(shape) != 4:
        raise ValueError(
            f"layer {layer.label!r} got input of shape {shape}, {len(shape)} dimensions; expected 4: "
            "(batch, height, width, channels)"
        )
