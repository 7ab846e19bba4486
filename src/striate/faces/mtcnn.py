"""MTCNN: faces in photographs, and their landmarks, found by a cascade of three small networks."""

import numpy as np

from .._common.checks import check_path, integer, number, sequence, shown
from .._common.errors import Constructed
from ..detection import nms
from ..detection.preparation import check_one
from .cascade import moved, placed, proposals, pyramid, squares, suppress_nested, within
from .faces import Faces
from .integral import IntegralImage
from .networks import SIZES, cascade

#: Overlaps beyond which the worse of two boxes is left out: of proposals at one scale, and of all boxes of a network.
_OVERLAP_AT_SCALE, _OVERLAP = 0.5, 0.7

#: Parts of images that the second and the third network see at once, at most. Powers of two down from here make up any number,
#: so that the networks are planned for few sizes of batches.
_MOST_AT_ONCE = 64


class MTCNN(Constructed):
    """A detector of faces, with five landmarks in each: multi-task cascaded convolutional networks [1]_.

    The first network proposes boxes at each scale of a pyramid of images; the second looks at each of them again, in 24×24
    pixels, and the third in 48×48. Each moves the boxes, and leaves out those without a face, and the last marks eyes, nose and
    mouth.

    Parameters
    ----------
    weights : path, optional
        File of the networks' weights, which `save_weights` or `convert_mtcnn` wrote. None for random ones, which find nothing
        until they are trained or replaced.
    min_face_size : int
        Height and width in pixels of the smallest faces that are found, at least 12. Twice as much takes about a quarter of the
        time.
    thresholds : sequence of three floats
        Probability of a face from which each network keeps a box.
    factor : float
        Size of an image of the pyramid in parts of the one before, above 0 and below 1.
    rng : None, int or numpy.random.Generator
        Source of random weights; see `striate.Model`.

    Attributes
    ----------
    model : Model
        The networks, its layers "pnet", "rnet" and "onet".

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or the file holds other weights.
    OSError
        If it cannot be read.

    Notes
    -----
    Boxes, scores and landmarks are those of facenet-pytorch's MTCNN with the same weights, to within a fraction of a pixel.

    References
    ----------
    .. [1] Zhang, K., Zhang, Z., Li, Z. and Qiao, Y., "Joint face detection and alignment using multitask cascaded convolutional
       networks", IEEE Signal Processing Letters 23, 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import faces
    >>> detector = faces.MTCNN(thresholds=(0.9, 0.9, 0.9), rng=0)  # without trained weights
    >>> detector.detect(np.zeros((48, 64, 3), np.uint8))
    <Faces: 0 boxes>
    """

    def __init__(self, weights=None, *, min_face_size=20, thresholds=(0.6, 0.7, 0.7), factor=0.709, rng=None):
        self.min_face_size = integer("min_face_size", min_face_size, SIZES["pnet"])
        given = sequence("thresholds", thresholds, "numbers")
        if len(given) != len(SIZES):
            raise ValueError(f"thresholds={shown(thresholds)} has {len(given)} elements; expected one for each of 3 networks")
        self.thresholds = tuple(number(f"thresholds[{i}]", each, 0, 1) for i, each in enumerate(given))
        self.factor = number("factor", factor, 0, 1, open_minimum=True, open_maximum=True)
        self.model = cascade(rng)
        if weights is not None:
            self.model.load_weights(check_path("weights", weights))
        self._networks = {name: self.model.get_layer(name) for name in SIZES}

    def __repr__(self):
        """Return what it finds."""
        return f"<MTCNN: faces of at least {self.min_face_size} pixels, thresholds {self.thresholds}>"

    def save_weights(self, path):
        """Write the weights of the networks to a file, which `MTCNN` reads.

        Parameters
        ----------
        path : path
            The file, whose name ends in ".npz".

        Raises
        ------
        OSError, ValueError
            If it cannot be written.
        """
        self.model.save_weights(path)

    def predict(self, images):
        """Return the faces in each of several images.

        Parameters
        ----------
        images : ndarray of uint8 (images, height, width, channels), or list
            The images, or a list of images (height, width) or (height, width, channels).

        Returns
        -------
        list of Faces
            What `detect` returns for each image.

        Raises
        ------
        TypeError, ValueError
            If `images` is not what is described above.
        """
        if isinstance(images, np.ndarray) and images.ndim != 4:
            raise ValueError(f"images has shape {images.shape}; expected (images, height, width, channels), or a list")
        checked = [check_one(f"images[{i}]", each) for i, each in enumerate(sequence("images", images, "images"))]
        return [self._detect(each) for each in checked]

    def detect(self, image):
        """Return the faces in one image.

        Parameters
        ----------
        image : array_like of uint8, shape (height, width) or (height, width, channels)
            The image, in grey or in colour.

        Returns
        -------
        Faces
            The faces, the surest first. Boxes may go beyond the image.

        Raises
        ------
        TypeError, ValueError
            If `image` is not such an array.
        """
        return self._detect(check_one("image", image))

    def _detect(self, image):
        """Return the faces in a checked image."""
        pixels = IntegralImage(np.repeat(image, 3, 2) if image.shape[2] == 1 else image)
        boxes, scores = self._proposed(pixels)
        boxes, scores, offsets = self._looked_at("rnet", pixels, boxes, self.thresholds[1])
        kept = nms(boxes, scores, _OVERLAP)
        boxes = squares(moved(boxes[kept], offsets[kept], beyond=1))
        boxes, scores, offsets, points = self._looked_at("onet", pixels, boxes, self.thresholds[2])
        landmarks, boxes = placed(points, boxes), moved(boxes, offsets, beyond=1)
        valid = (boxes[:, 2:] > boxes[:, :2]).all(1)  # Untrained networks may turn boxes inside out.
        boxes, scores, landmarks = boxes[valid], scores[valid], landmarks[valid]
        kept = suppress_nested(boxes, scores, _OVERLAP)
        return Faces(boxes[kept], scores[kept], landmarks[kept])

    def _proposed(self, pixels):
        """Return the squares that the first network proposes, and their scores."""
        found = [(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty((0, 4), np.float32))]
        for scale in pyramid(pixels.size, self.min_face_size, self.factor):
            resized = pixels.resized([int(size * scale + 1) for size in pixels.size])
            probabilities, offsets = self._networks["pnet"](_scaled(resized)[np.newaxis], training=False)
            at_scale = proposals(probabilities[0, ..., 1], offsets[0], scale, self.thresholds[0])
            kept = nms(*at_scale[:2], _OVERLAP_AT_SCALE)
            found.append([each[kept] for each in at_scale])
        boxes, scores, offsets = map(np.concatenate, zip(*found, strict=True))
        kept = nms(boxes, scores, _OVERLAP)
        return squares(moved(boxes[kept], offsets[kept], beyond=0)), scores[kept]

    def _looked_at(self, name, pixels, boxes, threshold):
        """Return the boxes in which a network sees a face, their scores, and what else the network tells about them."""
        network, (inside, parts) = self._networks[name], within(boxes, pixels.size)
        boxes = boxes[inside]
        outputs = [[np.empty((0, *each.shape[1:]), np.float32) for each in network.outputs]]
        start, at_once = 0, _MOST_AT_ONCE
        while start < len(parts):
            while at_once > len(parts) - start:
                at_once //= 2
            crops = pixels.crops(parts[start : start + at_once], SIZES[name])
            outputs.append(network(_scaled(crops), training=False))
            start += at_once
        probabilities, *others = map(np.concatenate, zip(*outputs, strict=True))
        seen = probabilities[:, 1] > threshold
        return boxes[seen], probabilities[seen, 1], *(each[seen] for each in others)


def _scaled(x):
    """Return pixels as the networks take them, from -1 to 1."""
    x -= 127.5
    x *= 1 / 128
    return x
