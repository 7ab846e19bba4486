"""Callbacks: objects that are notified of events in training, and may change or end it."""

from .._common.names import public_attributes
from .averages import SwapEMAWeights
from .backup import BackupAndRestore
from .base import Callback, History, LambdaCallback
from .control import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau, TerminateOnNaN
from .files import CSVLogger, ModelCheckpoint
from .listeners import CallbackList
from .progress import ProgbarLogger, ProgressBar
from .remote import RemoteMonitor
from .tensorboard import TensorBoard

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgbarLogger",
    "ProgressBar",
    "ReduceLROnPlateau",
    "RemoteMonitor",
    "SwapEMAWeights",
    "TensorBoard",
    "TerminateOnNaN",
]

__getattr__, __dir__ = public_attributes(globals())
