"""Data augmentation: layers that change images at random in training, so that a network sees more varied images."""
