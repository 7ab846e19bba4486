# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal, Self
import numpy as np
import numpy.typing as npt

from sklearn.base import BaseEstimator
from sklearn.base import ClassifierMixin
from sklearn.base import RegressorMixin
from striate.layers import Tensor
from striate.models import Sequential
from striate.optimizers import Optimizer

__all__ = [
    "CNNClassifier",
    "CNNRegressor",
]

class CNNClassifier(ClassifierMixin, BaseEstimator):
    batch_size: int
    classes_: npt.NDArray[Any]
    conv: Any
    dense: Any
    dropout: float
    early_stopping: bool
    epochs: int
    history_: dict[str, Any]
    image_shape: Any
    kernel_size: Any
    learning_rate: float
    model_: Sequential
    n_iter_: int
    n_iter_no_change: int
    optimizer: Any
    pool: Literal["max", "average", None]
    random_state: Any
    standardize: bool
    validation_fraction: float
    verbose: Literal[0, 1, 2] | bool
    def __init__(
        self,
        conv: Sequence[Sequence[int]] = ...,
        dense: Sequence[int] | npt.NDArray[Any] = ...,
        *,
        image_shape: Sequence[int] | None = None,
        kernel_size: int | Sequence[int] = 3,
        pool: Literal["max", "average", None] = "max",
        dropout: float = 0.0,
        optimizer: str | Optimizer = "adam",
        learning_rate: float = 0.001,
        batch_size: int = 32,
        epochs: int = 20,
        standardize: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        random_state: int | np.random.RandomState | None = None,
        verbose: Literal[0, 1, 2] | bool = 0,
    ) -> None: ...
    def fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> Self: ...
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...
    def predict_proba(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...

class CNNRegressor(RegressorMixin, BaseEstimator):
    batch_size: int
    conv: Any
    dense: Any
    dropout: float
    early_stopping: bool
    epochs: int
    history_: dict[str, Any]
    image_shape: Any
    kernel_size: Any
    learning_rate: float
    model_: Sequential
    n_iter_: int
    n_iter_no_change: int
    optimizer: Any
    pool: Literal["max", "average", None]
    random_state: Any
    standardize: bool
    validation_fraction: float
    verbose: Literal[0, 1, 2] | bool
    def __init__(
        self,
        conv: Sequence[Sequence[int]] = ...,
        dense: Sequence[int] | npt.NDArray[Any] = ...,
        *,
        image_shape: Sequence[int] | None = None,
        kernel_size: int | Sequence[int] = 3,
        pool: Literal["max", "average", None] = "max",
        dropout: float = 0.0,
        optimizer: str | Optimizer = "adam",
        learning_rate: float = 0.001,
        batch_size: int = 32,
        epochs: int = 20,
        standardize: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        random_state: int | np.random.RandomState | None = None,
        verbose: Literal[0, 1, 2] | bool = 0,
    ) -> None: ...
    def fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        sample_weight: npt.ArrayLike | Tensor | None = None,
    ) -> Self: ...
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...
