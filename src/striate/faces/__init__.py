"""Faces: where they are, and whose they are."""

from .conversion import convert_mtcnn
from .faces import Faces
from .mtcnn import MTCNN

__all__ = ["MTCNN", "Faces", "convert_mtcnn"]
