"""Faces: where they are, and whose they are.

``mtcnn``         the detector of faces
``networks``      its networks
``cascade``       what happens between them
``integral``      images and parts of them, resized
``conversion``    weights from the files of facenet-pytorch
``faces``         what is found
``alignment``     faces brought to one place, size and direction
``verification``  embeddings, and whether two faces are of one person
"""

from .._common.names import public_attributes
from .alignment import align
from .conversion import convert_mtcnn
from .faces import Faces
from .mtcnn import MTCNN
from .verification import Verifier, embedding_network, pairs

__all__ = ["MTCNN", "Faces", "Verifier", "align", "convert_mtcnn", "embedding_network", "pairs"]

__getattr__, __dir__ = public_attributes(globals())
