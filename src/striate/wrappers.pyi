# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Mapping
from typing import Any, Self
import numpy.typing as npt

from sklearn.base import BaseEstimator
from sklearn.base import ClassifierMixin
from sklearn.base import RegressorMixin
from sklearn.base import TransformerMixin
from striate.models import Model

__all__ = [
    "SKLearnClassifier",
    "SKLearnRegressor",
    "SKLearnTransformer",
]

class SKLearnClassifier(ClassifierMixin, BaseEstimator):
    classes_: npt.NDArray[Any]
    fit_kwargs: Any
    history_: dict[str, list[Any]]
    model: Any
    model_: Model
    model_kwargs: Any
    warm_start: bool
    def __init__(
        self,
        model: Model | Callable[..., Any],
        warm_start: bool = False,
        model_kwargs: Mapping[Any, Any] | None = None,
        fit_kwargs: Mapping[Any, Any] | None = None,
    ) -> None: ...
    def decision_function(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...
    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, **kwargs: Any) -> Self: ...
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...

class SKLearnRegressor(RegressorMixin, BaseEstimator):
    fit_kwargs: Any
    history_: dict[str, list[Any]]
    model: Any
    model_: Model
    model_kwargs: Any
    warm_start: bool
    def __init__(
        self,
        model: Model | Callable[..., Any],
        warm_start: bool = False,
        model_kwargs: Mapping[Any, Any] | None = None,
        fit_kwargs: Mapping[Any, Any] | None = None,
    ) -> None: ...
    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, **kwargs: Any) -> Self: ...
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...

class SKLearnTransformer(TransformerMixin, BaseEstimator):
    fit_kwargs: Any
    history_: dict[str, list[Any]]
    model: Any
    model_: Model
    model_kwargs: Any
    warm_start: bool
    def __init__(
        self,
        model: Model | Callable[..., Any],
        warm_start: bool = False,
        model_kwargs: Mapping[Any, Any] | None = None,
        fit_kwargs: Mapping[Any, Any] | None = None,
    ) -> None: ...
    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, **kwargs: Any) -> Self: ...
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...
    def transform(self, X: npt.ArrayLike) -> npt.NDArray[Any]: ...
