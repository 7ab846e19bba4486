# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from striate.callbacks import Callback
from striate.callbacks import History
from striate.layers import Layer
from striate.layers import Tensor
from striate.metrics import ROC
from striate.models import Model

__all__ = [
    "ClassMap",
    "EffectiveField",
    "Embeddings",
    "FeatureMaps",
    "Filters",
    "GraphNode",
    "ImageGrid",
    "LiveCurves",
    "Maximized",
    "PCA",
    "Patches",
    "ReceptiveField",
    "SVG",
    "SlidingWindow",
    "WindowStep",
    "WrongExamples",
    "animate_sliding_window",
    "confusion_matrix",
    "curves_of",
    "draw_model",
    "effective_receptive_field",
    "embeddings",
    "feature_maps",
    "filters",
    "grad_cam",
    "grad_cam_plus_plus",
    "image_grid",
    "integrated_gradients",
    "maximize",
    "model_graph",
    "occlusion",
    "overlay",
    "pca",
    "plot_confusion_matrix",
    "plot_embeddings",
    "plot_explanation",
    "plot_feature_maps",
    "plot_filters",
    "plot_history",
    "plot_images",
    "plot_maximized",
    "plot_receptive_field",
    "plot_roc",
    "plot_sliding_window",
    "plot_top_patches",
    "plot_wrong_examples",
    "receptive_fields",
    "saliency",
    "sliding_window",
    "smooth_grad",
    "target_layer",
    "top_patches",
    "tsne",
    "wrong_examples",
]

def animate_sliding_window(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    flip: bool = False,
    size: float | Sequence[float] = 0.36,
    interval: float = 700,
) -> FuncAnimation: ...

class ClassMap(NamedTuple):
    map: npt.NDArray[Any]
    layer: str

def confusion_matrix(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    classes: int | None = None,
) -> npt.NDArray[np.int64]: ...
def curves_of(
    history: History | Mapping[str, Sequence[float]],
) -> dict[str, dict[str, npt.NDArray[Any]]]: ...
def draw_model(model: Model) -> SVG: ...
def effective_receptive_field(
    model: Model,
    x: npt.NDArray[Any],
    layer: Layer | str | None = None,
    position: Sequence[int] | None = None,
) -> EffectiveField: ...

class EffectiveField(NamedTuple):
    map: npt.NDArray[Any]
    layer: str
    position: tuple[Any, ...]

class Embeddings(NamedTuple):
    vectors: npt.NDArray[Any]
    layer: str

def embeddings(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    layer: Layer | str | None = None,
    *,
    batch_size: int = 32,
) -> Embeddings: ...
def feature_maps(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    layer: Layer | str | None = None,
    *,
    batch_size: int = 32,
) -> FeatureMaps: ...

class FeatureMaps(NamedTuple):
    maps: npt.NDArray[Any]
    layer: str

class Filters(NamedTuple):
    kernels: npt.NDArray[Any]
    layer: str

def filters(
    model: Model,
    layer: Layer | str | None = None,
) -> Filters: ...
def grad_cam(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    layer: Layer | str | None = None,
    output: int = 0,
    probability: bool = False,
    resize: bool = True,
    batch_size: int = 32,
) -> ClassMap: ...
def grad_cam_plus_plus(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    layer: Layer | str | None = None,
    output: int = 0,
    probability: bool = False,
    resize: bool = True,
    batch_size: int = 32,
) -> ClassMap: ...

class GraphNode(NamedTuple):
    name: str
    kind: str
    shape: Any
    parameters: int
    flops: Any
    inputs: tuple[Any, ...]

def image_grid(
    images: npt.NDArray[Any],
    columns: int | None = None,
    *,
    gap: int = 1,
    fill: float = 1.0,
) -> npt.NDArray[Any]: ...

class ImageGrid:
    images: Any
    labels: Any
    size: int
    def __init__(
        self,
        images: npt.NDArray[Any],
        labels: Sequence[Any] | npt.NDArray[Any] | None = None,
        *,
        size: int = 64,
    ) -> None: ...
    def _repr_html_(self) -> str: ...

def integrated_gradients(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    baseline: float | npt.ArrayLike = 0.0,
    tolerance: float = 0.01,
    output: int = 0,
    probability: bool = False,
    batch_size: int = 32,
) -> npt.NDArray[Any]: ...

class LiveCurves(Callback):
    figure: Figure | None
    history: dict[str, list[float]]
    path: Any
    def __init__(self, path: str | PathLike[str] | None = None) -> None: ...

def maximize(
    model: Model,
    units: int | Sequence[int] | npt.NDArray[Any],
    layer: Layer | str | None = None,
    *,
    steps: int = 256,
    step_size: float = 0.03,
    decay: float = 0.01,
    smoothness: float = 1.0,
    jitter: int | None = None,
    data_range: Sequence[float] = ...,
    image_size: int | Sequence[int] | None = None,
    rng: int | np.random.Generator | None = None,
) -> Maximized: ...

class Maximized(NamedTuple):
    images: npt.NDArray[Any]
    activations: npt.NDArray[Any]
    layer: str

def model_graph(model: Model) -> list[GraphNode]: ...
def occlusion(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] | None = None,
    fill: float | npt.ArrayLike | None = None,
    output: int = 0,
    probability: bool = False,
    batch_size: int = 32,
) -> npt.NDArray[Any]: ...
def overlay(
    image: npt.NDArray[Any],
    values: npt.NDArray[Any],
    *,
    strength: float = 0.85,
) -> npt.NDArray[np.float64]: ...

class Patches(NamedTuple):
    patches: npt.NDArray[Any]
    activations: npt.NDArray[Any]
    images: npt.NDArray[Any]
    positions: npt.NDArray[Any]
    layer: str

class PCA(NamedTuple):
    points: npt.NDArray[Any]
    components: npt.NDArray[Any]
    mean: npt.NDArray[Any]
    explained: npt.NDArray[Any]

def pca(vectors: npt.ArrayLike, components: int = 2) -> PCA: ...
def plot_confusion_matrix(
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    names: Sequence[str] | None = None,
    *,
    normalized: bool = False,
) -> Figure: ...
def plot_embeddings(
    points: npt.ArrayLike,
    y: npt.ArrayLike | None = None,
    names: Sequence[str] | None = None,
    *,
    images: npt.NDArray[Any] | None = None,
    size: float = 4.2,
) -> Figure: ...
def plot_explanation(
    images: npt.NDArray[Any],
    maps: npt.NDArray[Any] | ClassMap,
    labels: Sequence[Any] | npt.NDArray[Any] | None = None,
    *,
    signed: bool | None = None,
    strength: float = 0.85,
    size: float = 1.5,
) -> Figure: ...
def plot_feature_maps(
    model: Model,
    image: npt.NDArray[Any],
    layer: Layer | str | None = None,
    *,
    most: int = 64,
    columns: int | None = None,
) -> Figure: ...
def plot_filters(
    model: Model,
    layer: Layer | str | None = None,
    *,
    most: int = 64,
    columns: int | None = None,
) -> Figure: ...
def plot_history(
    history: History | Mapping[str, Sequence[float]],
) -> Figure: ...
def plot_images(
    images: npt.NDArray[Any] | Sequence[Any] | Mapping[Any, Any],
    labels: Sequence[Any] | npt.NDArray[Any] | None = None,
    *,
    columns: int | None = None,
    size: float = 1.0,
    vmin: float | None = None,
    vmax: float | None = None,
) -> Figure: ...
def plot_maximized(
    model: Model,
    units: int | Sequence[int] | npt.NDArray[Any],
    layer: Layer | str | None = None,
    *,
    columns: int | None = None,
    size: float = 1.4,
    **settings: Any,
) -> Figure: ...
def plot_receptive_field(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    layer: Layer | str | None = None,
    position: Sequence[int] | None = None,
    *,
    size: float = 3.0,
) -> Figure: ...
def plot_roc(
    curves: ROC | Mapping[str, ROC],
    *,
    logarithmic: bool = False,
    size: float = 3.2,
) -> Figure: ...
def plot_sliding_window(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    step: int | None = None,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    flip: bool = False,
    size: float = 0.36,
) -> Figure: ...
def plot_top_patches(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    channel: int,
    layer: Layer | str | None = None,
    *,
    count: int = 9,
    columns: int | None = None,
    size: float = 1.1,
) -> Figure: ...
def plot_wrong_examples(
    x: npt.NDArray[Any],
    y_true: npt.ArrayLike | Tensor,
    y_pred: npt.ArrayLike | Tensor,
    names: Sequence[str] | None = None,
    *,
    most: int = 20,
    columns: int | None = None,
    size: float = 1.1,
) -> Figure: ...
def receptive_fields(
    model: Model,
    x: npt.NDArray[Any] | None = None,
) -> list[ReceptiveField]: ...

class ReceptiveField(NamedTuple):
    layer: str
    size: Any
    stride: Any
    start: Any

def saliency(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    output: int = 0,
    probability: bool = False,
    reduce: Literal["max", "sum", None] = "max",
    batch_size: int = 32,
) -> npt.NDArray[Any]: ...
def sliding_window(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    *,
    strides: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
    flip: bool = False,
) -> SlidingWindow: ...

class SlidingWindow(NamedTuple):
    image: npt.NDArray[Any]
    kernel: npt.NDArray[Any]
    output: npt.NDArray[Any]
    steps: list[Any]
    padding: tuple[Any, ...]

def smooth_grad(
    model: Model,
    x: npt.NDArray[Any] | Sequence[npt.ArrayLike],
    target: int | Sequence[int] | npt.NDArray[Any] | None = None,
    *,
    samples: int = 50,
    noise: float = 0.15,
    output: int = 0,
    probability: bool = False,
    reduce: Literal["max", "sum", None] = "max",
    batch_size: int = 32,
    rng: int | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...

class SVG(str):
    def _repr_html_(self) -> str: ...
    def _repr_svg_(self) -> str: ...
    def save(self, path: str | PathLike[str]) -> None: ...

def target_layer(model: Model, x: npt.NDArray[Any] | None = None) -> str: ...
def top_patches(
    model: Model,
    x: npt.NDArray[Any],
    channel: int,
    layer: Layer | str | None = None,
    *,
    count: int = 9,
    batch_size: int = 32,
) -> Patches: ...
def tsne(
    vectors: npt.ArrayLike,
    *,
    perplexity: float = 30.0,
    rng: int | np.random.Generator | None = None,
) -> npt.NDArray[Any]: ...

class WindowStep(NamedTuple):
    position: tuple[Any, ...]
    corner: tuple[Any, ...]
    window: npt.NDArray[Any]
    products: npt.NDArray[Any]
    value: float

def wrong_examples(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    most: int | None = None,
) -> WrongExamples: ...

class WrongExamples(NamedTuple):
    indices: npt.NDArray[Any]
    true: npt.NDArray[Any]
    predicted: npt.NDArray[Any]
    confidence: npt.NDArray[Any]
