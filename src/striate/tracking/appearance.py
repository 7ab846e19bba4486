"""What boxes show, as vectors that a network makes of them: those of the same thing have nearly the same direction."""

import numpy as np

from ..detection.arrays import check_boxes
from ..detection.preparation import check_network, check_one, cut, with_channels


def embed_boxes(model, image, boxes):
    """Return a vector for each of some boxes in an image: what a network makes of their content.

    Parameters
    ----------
    model : Model
        A network of images of a fixed shape (height, width, channels), 1 channel or 3, of values from 0 to 255, such as the
        layers of a classifier up to the last but one. Outputs with further axes are averaged over height and width.
    image : array_like of uint8, shape (height, width) or (height, width, channels)
        The image.
    boxes : array_like, shape (boxes, 4)
        Boxes "xyxy" in pixels; each is resized to the shape that the network takes.

    Returns
    -------
    ndarray of float32, shape (boxes, features)
        Vectors of length 1, or 0 for those of which the network returns zeros.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import tracking
    >>> from striate.architectures import LeNet5
    >>> image = np.random.default_rng(0).integers(0, 256, (60, 80), np.uint8)
    >>> tracking.embed_boxes(LeNet5(), image, [[0, 0, 20, 30], [40, 10, 60, 40]]).shape
    (2, 10)
    """
    shape = check_network("model", model)
    boxes = check_boxes("boxes", boxes)
    if None in shape:
        raise ValueError(f"model takes images of shape {shape}; expected a network of images of a fixed shape")
    image = with_channels(check_one("image", image), shape[2])
    if not len(boxes):
        return np.zeros((0, model.output_shape[-1]), np.float32)
    vectors = np.asarray(model(np.stack([cut(image, box, shape[:2]) for box in boxes]), training=False))
    return unit(vectors.mean((1, 2)) if vectors.ndim == 4 else vectors.reshape(len(boxes), -1))


def unit(vectors):
    """Return vectors of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)
