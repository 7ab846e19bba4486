# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from typing import IO, Any, Literal
import numpy.typing as npt

from striate.models import Model
from striate.models import Sequential

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

class BackupAndRestore(Callback):
    delete_checkpoint: bool
    folder: Any
    def __init__(
        self,
        backup_dir: str | PathLike[str],
        save_freq: Literal["epoch"] = "epoch",
        delete_checkpoint: bool = True,
    ) -> None: ...

class Callback:
    comes_last: bool
    model: Sequential
    params: dict[str, Any]
    def check_state(self, state: Mapping[Any, Any], model: Model) -> None: ...
    def first_epoch(self) -> int | None: ...
    def get_state(self) -> Any: ...
    def hold_model_weakly(self) -> None: ...
    def on_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_begin(self, logs: Any = None) -> None: ...
    def on_predict_end(self, logs: Any = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_test_begin(self, logs: Any = None) -> None: ...
    def on_test_end(self, logs: Any = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_train_begin(self, logs: Any = None) -> None: ...
    def on_train_end(self, logs: Any = None) -> None: ...
    def set_model(self, model: Model) -> None: ...
    def set_params(self, params: Mapping[Any, Any] | None) -> None: ...
    def set_state(self, state: Any) -> None: ...

class CallbackList:
    callbacks: Any
    model: Any
    params: Any
    def __init__(
        self,
        callbacks: Callback | Sequence[Callback] | CallbackList | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Model | None = None,
        **params: Any,
    ) -> None: ...
    def __iter__(self) -> Iterator[Any]: ...
    def append(self, callback: Callback) -> None: ...
    def hold_model_weakly(self) -> None: ...
    def notify(self, event: str, *arguments: Any) -> None: ...
    def on_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_begin(self, logs: Any = None) -> None: ...
    def on_predict_end(self, logs: Any = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_test_begin(self, logs: Any = None) -> None: ...
    def on_test_end(self, logs: Any = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_train_begin(self, logs: Any = None) -> None: ...
    def on_train_end(self, logs: Any = None) -> None: ...
    def set_model(self, model: Model) -> None: ...
    def set_params(self, params: Mapping[Any, Any] | None) -> None: ...

class CSVLogger(Callback):
    append: bool
    filename: Any
    separator: str
    def __init__(self, filename: str | PathLike[str], separator: str = ",", append: bool = False) -> None: ...
    def check_state(self, state: Mapping[Any, Any], model: Model) -> int: ...

class EarlyStopping(Callback):
    best: float | None
    baseline: float | None
    best_epoch: int
    best_weights: list[npt.NDArray[Any]] | None
    monitor: str
    patience: int
    restore_best_weights: bool
    start_from_epoch: int
    stopped_epoch: int
    verbose: Literal[0, 1] | bool
    wait: int
    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: Literal[0, 1] | bool = 0,
        mode: Literal["auto", "min", "max"] = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None: ...
    def check_state(self, state: Mapping[Any, Any], model: Model) -> Any: ...
    @property
    def monitor_op(self) -> Any: ...

class History(Callback):
    epoch: list[int]
    history: dict[str, list[float]]
    def __init__(self) -> None: ...
    def _repr_html_(self) -> str: ...

class LambdaCallback(Callback):
    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None: ...

class LearningRateScheduler(Callback):
    schedule: Any
    verbose: Literal[0, 1] | bool
    def __init__(self, schedule: Callable[..., Any], verbose: Literal[0, 1] | bool = 0) -> None: ...

class ModelCheckpoint(Callback):
    best: float | None
    filepath: Any
    monitor: str
    save_best_only: bool
    save_freq: Literal["epoch"] | int
    save_weights_only: bool
    verbose: Literal[0, 1] | bool
    def __init__(
        self,
        filepath: str | PathLike[str],
        monitor: str = "val_loss",
        verbose: Literal[0, 1] | bool = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: Literal["auto", "min", "max"] = "auto",
        save_freq: Literal["epoch"] | int = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None: ...
    def check_state(self, state: Mapping[Any, Any], model: Model) -> Any: ...
    @property
    def monitor_op(self) -> Any: ...

class ProgressBar(Callback):
    bar: Any
    stream: Any
    def __init__(self, verbose: Literal[1, 2] = 1, stream: IO[Any] | None = None) -> None: ...

class ReduceLROnPlateau(Callback):
    best: float | None
    cooldown: int
    cooldown_counter: int
    factor: float
    min_lr: float
    monitor: str
    patience: int
    verbose: Literal[0, 1] | bool
    wait: int
    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: Literal[0, 1] | bool = 0,
        mode: Literal["auto", "min", "max"] = "auto",
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None: ...
    def check_state(self, state: Mapping[Any, Any], model: Model) -> Any: ...
    @property
    def monitor_op(self) -> Any: ...

class RemoteMonitor(Callback):
    field: str
    headers: Any
    path: str
    root: str
    send_as_json: bool
    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None: ...
    def request(self, epoch: int, logs: Mapping[Any, Any]) -> Any: ...

class SwapEMAWeights(Callback):
    swap_on_epoch: bool
    def __init__(self, swap_on_epoch: bool = False) -> None: ...

class TensorBoard(Callback):
    embeddings_freq: int
    embeddings_metadata: Any
    histogram_freq: int
    log_dir: Any
    update_freq: Literal["epoch"] | Literal["batch"] | int
    write_images: bool
    write_steps_per_second: bool
    def __init__(
        self,
        log_dir: str | PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: Literal["epoch"] | Literal["batch"] | int = "epoch",
        profile_batch: Literal[0] = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | Mapping[str, str] | None = None,
    ) -> None: ...

class TerminateOnNaN(Callback):
    raise_error: bool
    def __init__(self, raise_error: bool = False) -> None: ...

ProgbarLogger = ProgressBar
