"""ResNet-50, under the name that Keras gives it, too."""

from .resnet import ResNet50, preprocess_input

__all__ = ["ResNet50", "preprocess_input"]
