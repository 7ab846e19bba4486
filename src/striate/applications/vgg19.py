"""VGG-19."""

from .imagenet_utils import preprocessing
from .vgg16 import variant

VGG19 = variant(19)
preprocess_input = preprocessing("caffe")
