"""Data augmentation: layers that change images at random in training, so that a network sees more varied images."""

from .colors import (
    RandomColorDegeneration,
    RandomColorJitter,
    RandomGrayscale,
    RandomHue,
    RandomSaturation,
)
from .geometric import RandomCrop, RandomFlip, RandomRotation, RandomShear, RandomTranslation, RandomZoom
from .photometric import (
    AutoContrast,
    RandomBrightness,
    RandomContrast,
    RandomGaussianBlur,
    RandomInvert,
    RandomPosterization,
    RandomSharpness,
    Solarization,
)
from .regions import CutMix, MixUp, RandomErasing

__all__ = [
    "AutoContrast",
    "CutMix",
    "MixUp",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "Solarization",
]
