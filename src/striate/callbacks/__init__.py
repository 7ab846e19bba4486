"""Callbacks: what is told of a training while it runs, and may change or end it."""

from .backup import BackupAndRestore
from .base import Callback, History, LambdaCallback
from .control import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau, TerminateOnNaN
from .files import CSVLogger, ModelCheckpoint
from .progress import ProgressBar
from .tensorboard import TensorBoard

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgressBar",
    "ReduceLROnPlateau",
    "TensorBoard",
    "TerminateOnNaN",
]
