"""The encoding of features of different kinds, under Keras' name."""

from ..models.feature_space import FeatureSpace

__all__ = ["FeatureSpace"]
