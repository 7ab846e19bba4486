"""Distillation: a student, a model, learns from the outputs and features of a teacher, another model."""

from .._common.names import public_attributes
from .distiller import Distiller
from .losses import DistillationLoss, FeatureDistillation, LogitsDistillation

__all__ = ["DistillationLoss", "Distiller", "FeatureDistillation", "LogitsDistillation"]

__getattr__, __dir__ = public_attributes(globals())
