# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, NamedTuple, Self, overload
import numpy as np
import numpy.typing as npt

from striate import Variable as Variable
from striate.constraints import Constraint
from striate.dtype_policies import DTypePolicy
from striate.initializers import Initializer
from striate.metrics import Metric
from striate.regularizers import Regularizer

__all__ = [
    "Activation",
    "ActivityRegularization",
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "AugMix",
    "AutoContrast",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "BatchNormalization",
    "Bidirectional",
    "CategoryEncoding",
    "CenterCrop",
    "Concatenate",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Convolution3DTranspose",
    "CosineDense",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "CutMix",
    "Deconvolution2D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Discretization",
    "Dot",
    "Dropout",
    "ELU",
    "EinsumDense",
    "Embedding",
    "Equalization",
    "Flatten",
    "GRU",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "GroupNormalization",
    "GroupQueryAttention",
    "HashedCrossing",
    "Hashing",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "IntegerLookup",
    "LSTM",
    "LSTMCell",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "LocalResponseNormalization",
    "MaxNumBoundingBoxes",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "Maximum",
    "MelSpectrogram",
    "Minimum",
    "MixUp",
    "MultiHeadAttention",
    "Multiply",
    "Normalization",
    "Operation",
    "PReLU",
    "Permute",
    "Pipeline",
    "RMSNormalization",
    "RNN",
    "RandAugment",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "ReversibleEmbedding",
    "STFTSpectrogram",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "Solarization",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "SpectralNormalization",
    "StackedRNNCells",
    "StringLookup",
    "Subtract",
    "Tensor",
    "TextVectorization",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "Variable",
    "Wrapper",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]

class Activation(Layer):
    activation: Any
    def __init__(
        self,
        activation: str | Callable[..., Any],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class ActivityRegularization(Layer):
    l1: float
    l2: float
    def __init__(
        self,
        l1: float = 0.0,
        l2: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveAveragePooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveAveragePooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveAveragePooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveMaxPooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveMaxPooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AdaptiveMaxPooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    output_size: Any
    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Add(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def add(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def add(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class AdditiveAttention(Attention):
    scale: Variable
    def __init__(
        self,
        use_scale: bool = True,
        dropout: float = 0.0,
        *,
        seed: int | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...

class AlphaDropout(Layer):
    noise_shape: Any
    rate: float
    seed: int | None
    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Attention(Layer):
    concat_score_weight: Any
    dropout: float
    scale: Any
    score_mode: Literal["dot", "concat"]
    seed: int | None
    use_scale: bool
    def __init__(
        self,
        use_scale: bool = False,
        score_mode: Literal["dot", "concat"] = "dot",
        dropout: float = 0.0,
        *,
        seed: int | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AugMix(Layer):
    moves_pixels: bool
    all_ops: bool
    alpha: float
    bounding_box_format: str | None
    chain_depth: int
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    interpolation: Literal["bilinear", "nearest"]
    num_chains: int
    seed: int | None
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: float | Sequence[float] = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def forward(
        self,
        x: npt.NDArray[Any],
        *,
        training: bool,
        rng: np.random.Generator,
    ) -> tuple[npt.NDArray[Any], Any]: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class AutoContrast(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        *,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class Average(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def average(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def average(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class AveragePooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Literal["valid", "same"]
    pool_size: int
    strides: int | None
    def __init__(
        self,
        pool_size: int = 2,
        strides: int | None = None,
        padding: Literal["valid", "same"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AveragePooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Any
    pool_size: Any
    strides: Any
    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class AveragePooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Literal["valid", "same"]
    pool_size: Any
    strides: Any
    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal["valid", "same"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class BatchNormalization(Layer):
    axis: int
    beta: Variable
    center: bool
    epsilon: float
    gamma: Variable
    momentum: float
    moving_mean: Variable
    moving_mean_initializer: Variable
    moving_stddev: Variable
    moving_variance: Variable
    moving_variance_initializer: Variable
    renorm: bool
    renorm_clipping: Any
    renorm_mean: Any
    renorm_momentum: float
    renorm_stddev: Any
    scale: bool
    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: str | Initializer | Callable[..., Any] = "zeros",
        gamma_initializer: str | Initializer | Callable[..., Any] = "ones",
        moving_mean_initializer: str | Initializer | Callable[..., Any] = "zeros",
        moving_variance_initializer: str | Initializer | Callable[..., Any] = "ones",
        beta_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        gamma_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        beta_constraint: str | Constraint | Callable[..., Any] | None = None,
        gamma_constraint: str | Constraint | Callable[..., Any] | None = None,
        renorm: bool = False,
        renorm_clipping: Mapping[Any, Any] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Bidirectional(Layer):
    backward_layer: Any
    forward_layer: Any
    merge_mode: Literal["concat", "sum", "mul", "ave", None]
    def __init__(
        self,
        layer: RNN,
        merge_mode: Literal["concat", "sum", "mul", "ave", None] = "concat",
        weights: Sequence[npt.NDArray[Any]] | None = None,
        backward_layer: RNN | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        sequences: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        initial_state: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        sequences: npt.ArrayLike | Mapping[str, Any],
        initial_state: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, sequences_shape: Any) -> None: ...
    def call(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool | None = None,
    ) -> Any: ...
    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> tuple[Any, ...] | Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    def reset_state(self) -> None: ...
    def reset_states(self) -> None: ...

class CategoryEncoding(Layer):
    num_tokens: int | None
    output_mode: Literal["multi_hot", "one_hot", "count"]
    sparse: bool
    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: Literal["multi_hot", "one_hot", "count"] = "multi_hot",
        sparse: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        count_weights: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        count_weights: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, count_weights: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class CenterCrop(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    height: int
    width: int
    def __init__(
        self,
        height: int,
        width: int,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class Concatenate(Layer):
    axis: int
    def __init__(
        self,
        axis: int = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def concatenate(inputs: Sequence[npt.ArrayLike], axis: int = -1, **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def concatenate(
    inputs: Sequence[npt.ArrayLike | Tensor],
    axis: int = -1,
    **kwargs: Any,
) -> Tensor: ...

class ContrastLimitedAdaptiveHistogramEqualization(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    clip_limit: float
    data_format: Literal["channels_last", "channels_first"] | None
    tile_grid_size: Any
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        clip_limit: float = 4.0,
        tile_grid_size: int | Sequence[int] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class Conv1D(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: int
    filters: int
    groups: int
    kernel: Variable
    kernel_size: int
    padding: Literal["valid", "same", "causal"]
    strides: int
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: Literal["valid", "same", "causal"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int = 1,
        groups: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class Conv1DTranspose(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: int
    filters: int
    kernel: Variable
    kernel_size: int
    output_padding: int | None
    padding: Literal["valid", "same"]
    strides: int
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: Literal["valid", "same"] = "valid",
        output_padding: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class Conv2D(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: Any
    filters: int
    groups: int
    kernel: Variable
    kernel_size: Any
    padding: Any
    strides: Any
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class Conv2DTranspose(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: Any
    filters: int
    kernel: Variable
    kernel_size: Any
    output_padding: Any
    padding: Any
    strides: Any
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        output_padding: int | Sequence[int] | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class Conv3D(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: Any
    filters: int
    groups: int
    kernel: Variable
    kernel_size: Any
    padding: Literal["valid", "same"]
    strides: Any
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class Conv3DTranspose(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    dilation_rate: Any
    filters: int
    kernel: Variable
    kernel_size: Any
    output_padding: Any
    padding: Literal["valid", "same"]
    strides: Any
    use_bias: bool
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] = "valid",
        output_padding: int | Sequence[int] | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        algorithm: Literal["auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class CosineDense(Layer):
    kernel: Variable
    units: int
    def __init__(
        self,
        units: int,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Cropping1D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Any
    def __init__(
        self,
        cropping: int | Sequence[int] = ...,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Cropping2D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        cropping: int | Sequence[int] | Sequence[Sequence[int]] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Cropping3D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        cropping: int | Sequence[int] | Sequence[Sequence[int]] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class CutMix(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class Dense(Layer):
    kernel_name: str
    activation: Any
    bias: Variable
    kernel: Variable
    units: int
    use_bias: bool
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class DepthwiseConv1D(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    depth_multiplier: int
    dilation_rate: int
    kernel: Variable
    kernel_size: int
    padding: Literal["valid", "same", "causal"]
    strides: int
    use_bias: bool
    def __init__(
        self,
        kernel_size: int,
        strides: int = 1,
        padding: Literal["valid", "same", "causal"] = "valid",
        depth_multiplier: int = 1,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        depthwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        depthwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        depthwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise"] = "auto",
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class DepthwiseConv2D(Layer):
    kernel_name: str
    rank: int
    takes_data_format: bool
    activation: Any
    algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"]
    bias: Variable
    data_format: Literal["channels_last", "channels_first"] | None
    depth_multiplier: int
    dilation_rate: Any
    kernel: Variable
    kernel_size: Any
    padding: Any
    strides: Any
    use_bias: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        depth_multiplier: int = 1,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        depthwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        depthwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        depthwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        algorithm: Literal["auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"] = "auto",
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

def deserialize(config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Any: ...

class Discretization(Layer):
    bin_boundaries: Any
    epsilon: float
    num_bins: int | None
    output_mode: Literal["int", "one_hot", "multi_hot", "count"]
    sparse: bool
    def __init__(
        self,
        bin_boundaries: Sequence[float] | npt.NDArray[Any] | None = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: Literal["int", "one_hot", "multi_hot", "count"] = "int",
        sparse: bool = False,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        name: str | None = None,
        *,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def adapt(self, data: npt.ArrayLike | Iterable[Any], steps: int | None = None) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @property
    def output_dtype(self) -> Any: ...

class Dot(Layer):
    axes: Any
    normalize: bool
    def __init__(
        self,
        axes: int | Sequence[int],
        normalize: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def dot(inputs: Sequence[npt.ArrayLike], axes: int | Sequence[int] = -1, **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def dot(
    inputs: Sequence[npt.ArrayLike | Tensor],
    axes: int | Sequence[int] = -1,
    **kwargs: Any,
) -> Tensor: ...

class Dropout(Layer):
    noise_shape: Any
    rate: float
    seed: int | None
    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class EinsumDense(Layer):
    kernel_name: str
    activation: Any
    bias: Variable
    bias_axes: str | None
    equation: str
    kernel: Variable
    output_shape: Any
    use_bias: Any
    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: str | Callable[..., Any] | None = None,
        bias_axes: str | None = None,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        *,
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def bias_shape(self, input_shape: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def kernel_shape(self, input_shape: Any) -> Any: ...
    def make_kernel(self, shape: Any) -> None: ...

class ELU(Layer):
    alpha: float
    def __init__(
        self,
        alpha: float = 1.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Embedding(Layer):
    embeddings: Variable
    input_dim: int
    mask_zero: bool
    output_dim: int
    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: str | Initializer | Callable[..., Any] = "uniform",
        embeddings_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        embeddings_constraint: str | Constraint | Callable[..., Any] | None = None,
        mask_zero: bool = False,
        weights: npt.ArrayLike | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any = None) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Equalization(Layer):
    moves_pixels: bool
    bins: int
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        bins: int = 256,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class Flatten(Layer):
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GaussianDropout(Layer):
    rate: float
    seed: int | None
    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GaussianNoise(Layer):
    seed: int | None
    stddev: float
    def __init__(
        self,
        stddev: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalAveragePooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalAveragePooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalAveragePooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalMaxPooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalMaxPooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GlobalMaxPooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    keepdims: bool
    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GroupNormalization(Layer):
    axis: int
    beta: Variable
    center: bool
    epsilon: float
    gamma: Variable
    groups: int
    scale: bool
    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        *,
        beta_initializer: str | Initializer | Callable[..., Any] = "zeros",
        gamma_initializer: str | Initializer | Callable[..., Any] = "ones",
        beta_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        gamma_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        beta_constraint: str | Constraint | Callable[..., Any] | None = None,
        gamma_constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class GroupQueryAttention(Layer):
    dropout: float
    flash_attention: bool | None
    head_dim: int
    num_key_value_heads: int
    num_query_heads: int
    seed: int | None
    sliding_window: int | None
    use_bias: bool
    use_gate: bool
    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        *,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        query: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        value: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        key: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        query_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        value_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        key_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        attention_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        query: npt.ArrayLike | Mapping[str, Any],
        value: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        key: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        query_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        value_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        key_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        attention_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def attend(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        score: str,
        combine: str,
        count: int,
        mask: npt.ArrayLike | Tensor | None,
        training: bool,
    ) -> Any: ...
    def build(self, query_shape: Any, value_shape: Any = None, key_shape: Any = None) -> None: ...
    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> Any: ...
    def compute_output_shape(
        self,
        query_shape: Any,
        value_shape: Any = None,
        key_shape: Any = None,
    ) -> tuple[Any, ...] | Any: ...

class GRU(RNN):
    cell_kind: str
    use_cudnn: bool | Literal["auto"]
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        recurrent_activation: str | Callable[..., Any] = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | Literal["auto"] = "auto",
        *,
        zero_output_for_mask: bool = False,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @property
    def activation(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def implementation(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def reset_after(self) -> bool: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def units(self) -> int: ...
    @property
    def use_bias(self) -> bool: ...

class GRUCell(Layer):
    gates: int
    states: int
    activation: Any
    bias: Variable
    dropout: float
    implementation: Literal[1, 2]
    kernel: Variable
    recurrent_activation: Any
    recurrent_dropout: float
    recurrent_kernel: Variable
    reset_after: bool
    seed: int | None
    units: int
    use_bias: bool
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        recurrent_activation: str | Callable[..., Any] = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        *,
        implementation: Literal[1, 2] = 2,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def bias_shape(self) -> Any: ...
    def biases(self, graph: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def by_gate(self, arguments: Any) -> Any: ...
    def call(self, inputs: Any, states: Any, training: bool = False) -> Any: ...
    def compute_output_shape(self, inputs_shape: Any, states_shape: Any = None) -> tuple[Any, ...] | Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> Any: ...
    def is_native(self, training: bool | None) -> bool: ...
    def of_input(self, x: Any, bias: Any, training: bool | None) -> Any: ...
    def of_state(self, h: Any, training: bool | None, first: int = 0, gates: Any = None) -> Any: ...
    @property
    def output_size(self) -> int: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def state_size(self) -> int: ...
    def with_dropout(self, x: Any, training: bool | None) -> Any: ...

class HashedCrossing(Layer):
    num_bins: int
    output_mode: Literal["int", "one_hot"]
    sparse: bool
    def __init__(
        self,
        num_bins: int,
        output_mode: Literal["int", "one_hot"] = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: str | None = None,
        *,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor | Any: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def look_up(self, inputs: Any) -> Any: ...
    @property
    def output_dtype(self) -> Any: ...

class Hashing(Layer):
    mask_value: str | int | None
    num_bins: int
    output_mode: Literal["int", "one_hot", "multi_hot", "count"]
    salt: Any
    sparse: bool
    def __init__(
        self,
        num_bins: int,
        mask_value: str | int | None = None,
        salt: int | Sequence[int] | None = None,
        output_mode: Literal["int", "one_hot", "multi_hot", "count"] = "int",
        sparse: bool = False,
        dtype: str | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor | Any: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def look_up(self, inputs: Any) -> Any: ...
    @property
    def output_dtype(self) -> Any: ...

class Identity(Layer):
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool = False,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
    tensor: Tensor | None = None,
    optional: bool = False,
    ragged: bool | None = None,
) -> Tensor: ...

class InputLayer(Layer):
    batch_size: int | None
    optional: bool
    ragged: bool | None
    shape: Any
    sparse: bool
    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: Literal["float32", "float64"] | DTypePolicy | None = None,
        sparse: bool = False,
        batch_shape: Any = None,
        input_tensor: Tensor | None = None,
        optional: bool = False,
        name: str | None = None,
        *,
        ragged: bool | None = None,
        trainable: bool = True,
    ) -> None: ...
    @property
    def batch_shape(self) -> Any: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class InputSpec:
    allow_last_axis_squeeze: bool
    axes: Any
    dtype: str
    max_ndim: int | None
    min_ndim: int | None
    name: str | None
    ndim: int | None
    optional: bool
    shape: Any
    def __init__(
        self,
        dtype: str | None = None,
        shape: Sequence[Any] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None: ...
    def fits(self, shape: Any, dtype: Any) -> bool: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...

class IntegerLookup(Layer):
    idf_weights: Any
    invert: bool
    mask_token: int | None
    max_tokens: int | None
    num_oov_indices: int
    oov_method: Literal["floormod", "farmhash"]
    oov_token: int
    output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"]
    pad_to_max_tokens: bool
    salt: Any
    sparse: bool
    vocabulary_dtype: Literal["int64"]
    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int = -1,
        vocabulary: Sequence[Any] | npt.NDArray[Any] | str | PathLike[str] | None = None,
        vocabulary_dtype: Literal["int64"] = "int64",
        idf_weights: Sequence[float] | npt.NDArray[Any] | None = None,
        invert: bool = False,
        output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"] = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: Literal["floormod", "farmhash"] = "floormod",
        salt: int | Sequence[int] | None = None,
        name: str | None = None,
        *,
        dtype: Literal["float32", "float64"] | DTypePolicy | None = None,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor | Any: ...
    def adapt(self, data: npt.ArrayLike | Iterable[Any], steps: int | None = None) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def encoded(self, indices: Any) -> Any: ...
    def entry_of(self, line: Any) -> Any: ...
    def finalize_state(self) -> None: ...
    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]: ...
    @property
    def has_given_vocabulary(self) -> bool: ...
    def indices_of(self, entries: Any) -> Any: ...
    def look_up(self, inputs: Any) -> Any: ...
    @property
    def output_dtype(self) -> Any: ...
    def reset_state(self) -> None: ...
    def set_vocabulary(
        self,
        vocabulary: Sequence[Any] | npt.NDArray[Any] | str | PathLike[str],
        idf_weights: Sequence[float] | npt.NDArray[Any] | None = None,
    ) -> None: ...
    def update_state(self, data: npt.ArrayLike) -> None: ...
    def vocabulary_size(self) -> int: ...

class Lambda(Layer):
    arguments: Any
    function: Any
    output_shape: Any
    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Sequence[int] | Callable[..., Any] | None = None,
        mask: None = None,
        arguments: Mapping[Any, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Layer:
    active_when_called: bool
    builds_without_shape: bool
    built: bool
    built_at_once: bool
    changes: int
    input_spec: Any
    is_in_paths: bool
    keeps_arguments: bool
    kind: str
    name: str
    passes_dtype_on: bool
    takes_dicts: bool
    takes_empty_samples: bool
    takes_layers: bool
    takes_lists: bool
    takes_strings: bool
    trainable: bool
    activity_regularizer: Regularizer | None
    automatic_name: bool
    dtype: str
    input_shape: Any
    sample_shape: tuple[Any, ...] | None
    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        /,
        *args: Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
        **kwargs: Any,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        /,
        *args: Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
        **kwargs: Any,
    ) -> npt.NDArray[Any]: ...
    @overload
    def __call__(
        self,
        *args: Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
        **kwargs: Any,
    ) -> Any: ...
    def add_loss(self, value: Tensor) -> None: ...
    def add_variable(
        self,
        shape: Sequence[int],
        initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        dtype: str | None = None,
        trainable: bool = True,
        **kwargs: Any,
    ) -> Variable: ...
    def add_weight(
        self,
        shape: Sequence[int] | None = None,
        initializer: str | Callable[..., Any] | None = None,
        dtype: str | None = None,
        trainable: bool = True,
        *,
        regularizer: str | Regularizer | Callable[..., Any] | None = None,
        constraint: str | Constraint | Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> Variable: ...
    def backward(self, *args: Any, **kwargs: Any) -> Any: ...
    def build(self, *args: Any, **kwargs: Any) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...
    def check_weights(self, weights: Any) -> Any: ...
    @property
    def compute_dtype(self) -> str: ...
    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any: ...
    def compute_output_spec(
        self,
        *args: Tensor | Any,
        **kwargs: Any,
    ) -> Tensor | Any: ...
    def count_params(self) -> int: ...
    @property
    def dtype_policy(self) -> Any: ...
    def ensure_built(self, input_shape: Any, rng: int | np.random.Generator | None) -> None: ...
    def forward(self, *args: Any, **kwargs: Any) -> Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any]) -> Self: ...
    def get_config(self) -> dict[str, Any]: ...
    def get_weights(self) -> list[npt.NDArray[Any]]: ...
    @property
    def input(self) -> Any: ...
    @property
    def losses(self) -> list[Any]: ...
    @property
    def metrics(self) -> list[Metric]: ...
    @property
    def metrics_variables(self) -> list[Variable]: ...
    @property
    def non_trainable_variables(self) -> list[Variable]: ...
    @property
    def non_trainable_weights(self) -> list[Variable]: ...
    @property
    def output(self) -> Any: ...
    @property
    def path(self) -> Any: ...
    def set_weights(self, weights: Sequence[npt.ArrayLike]) -> None: ...
    @property
    def trainable_variables(self) -> list[Variable]: ...
    @property
    def trainable_weights(self) -> list[Variable]: ...
    @property
    def variable_dtype(self) -> str: ...
    @property
    def variables(self) -> list[Variable]: ...
    @property
    def weights(self) -> list[Variable]: ...

class LayerNormalization(Layer):
    axis: Any
    beta: Variable
    center: bool
    epsilon: float
    gamma: Variable
    rms_scaling: Any
    scale: bool
    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: str | Initializer | Callable[..., Any] = "zeros",
        gamma_initializer: str | Initializer | Callable[..., Any] = "ones",
        beta_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        gamma_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        beta_constraint: str | Constraint | Callable[..., Any] | None = None,
        gamma_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class LeakyReLU(Layer):
    negative_slope: float
    def __init__(
        self,
        negative_slope: float = 0.3,
        *,
        alpha: float | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class LocalResponseNormalization(Layer):
    alpha: float
    beta: Variable
    bias: Variable
    depth_radius: int
    def __init__(
        self,
        depth_radius: int = 2,
        bias: float = 2.0,
        alpha: float = 0.0001,
        beta: float = 0.75,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class LSTM(RNN):
    cell_kind: str
    use_cudnn: bool | Literal["auto"]
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        recurrent_activation: str | Callable[..., Any] = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: bool | Literal["auto"] = "auto",
        *,
        zero_output_for_mask: bool = False,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @property
    def activation(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def implementation(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def units(self) -> int: ...
    @property
    def use_bias(self) -> bool: ...

class LSTMCell(Layer):
    gates: int
    states: int
    activation: Any
    bias: Variable
    dropout: float
    implementation: Literal[1, 2]
    kernel: Variable
    recurrent_activation: Any
    recurrent_dropout: float
    recurrent_kernel: Variable
    seed: int | None
    unit_forget_bias: bool
    units: int
    use_bias: bool
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        recurrent_activation: str | Callable[..., Any] = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        implementation: Literal[1, 2] = 2,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def bias_shape(self) -> Any: ...
    def biases(self, graph: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def by_gate(self, arguments: Any) -> Any: ...
    def call(self, inputs: Any, states: Any, training: bool = False) -> Any: ...
    def compute_output_shape(self, inputs_shape: Any, states_shape: Any = None) -> tuple[Any, ...] | Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> Any: ...
    def is_native(self, training: bool | None) -> bool: ...
    def of_input(self, x: Any, bias: Any, training: bool | None) -> Any: ...
    def of_state(self, h: Any, training: bool | None, first: int = 0, gates: Any = None) -> Any: ...
    @property
    def output_size(self) -> int: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def state_size(self) -> int: ...
    def with_dropout(self, x: Any, training: bool | None) -> Any: ...

class Maximum(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def maximum(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def maximum(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class MaxNumBoundingBoxes(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    fill_value: int
    max_number: int
    def __init__(
        self,
        max_number: int,
        fill_value: int = -1,
        *,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class MaxPooling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Literal["valid", "same"]
    pool_size: int
    strides: int | None
    def __init__(
        self,
        pool_size: int = 2,
        strides: int | None = None,
        padding: Literal["valid", "same"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class MaxPooling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Any
    pool_size: Any
    strides: Any
    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class MaxPooling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    padding: Literal["valid", "same"]
    pool_size: Any
    strides: Any
    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal["valid", "same"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class MelSpectrogram(Layer):
    fft_length: int
    mag_exp: float
    max_freq: float | None
    min_freq: float
    min_power: float
    num_mel_bins: int
    power_to_db: bool
    ref_power: float
    sampling_rate: int
    sequence_length: int | None
    sequence_stride: int
    top_db: float
    window: Any
    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Literal["hann", "hamming"] | npt.ArrayLike = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @staticmethod
    def linear_to_mel_weight_matrix(
        num_mel_bins: int = 20,
        num_spectrogram_bins: int = 129,
        sampling_rate: float = 8000,
        lower_edge_hertz: float = 125.0,
        upper_edge_hertz: float = 3800.0,
        dtype: str = "float32",
    ) -> npt.NDArray[Any]: ...

class Minimum(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def minimum(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def minimum(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class MixUp(Layer):
    moves_pixels: bool
    alpha: float
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    seed: int | None
    def __init__(
        self,
        alpha: float = 0.2,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class MultiHeadAttention(Layer):
    attention_axes: Any
    dropout: float
    flash_attention: bool | None
    key_dense: Any
    key_dim: int
    num_heads: int
    output_dense: Any
    output_shape: Any
    query_dense: Any
    seed: int | None
    sliding_window: int | None
    use_bias: bool
    use_gate: bool
    value_dense: Any
    value_dim: int | None
    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
        *,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        query: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        value: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        key: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        query_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        value_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        key_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        attention_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        query: npt.ArrayLike | Mapping[str, Any],
        value: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        key: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        query_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        value_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        key_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        attention_mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def attend(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        score: str,
        combine: str,
        count: int,
        mask: npt.ArrayLike | Tensor | None,
        training: bool,
    ) -> Any: ...
    def build(self, query_shape: Any, value_shape: Any = None, key_shape: Any = None) -> None: ...
    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> Any: ...
    def compute_output_shape(
        self,
        query_shape: Any,
        value_shape: Any = None,
        key_shape: Any = None,
    ) -> tuple[Any, ...] | Any: ...

class Multiply(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def multiply(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def multiply(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class _Node:
    inputs: Tensor | Any | None
    layer: Layer
    trace: _Trace | None
    training: bool | None
    @property
    def outputs(self) -> Tensor | Any: ...
    @property
    def places(self) -> Any: ...
    @property
    def returns_several(self) -> bool: ...
    @property
    def sources(self) -> Any: ...

class Normalization(Layer):
    axis: Any
    count: Any
    given: Any
    invert: bool
    mean: Any
    variance: Any
    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: float | npt.ArrayLike | None = None,
        variance: float | npt.ArrayLike | None = None,
        invert: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def adapt(self, data: npt.ArrayLike | Iterable[Any]) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Operation(Layer):
    arguments: Any
    function: str
    settings: Any
    def __init__(
        self,
        function: str,
        arguments: Sequence[Any],
        settings: Mapping[Any, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def ensure_built(self, input_shape: Any, rng: int | np.random.Generator | None) -> Any: ...

class Permute(Layer):
    dims: Any
    def __init__(
        self,
        dims: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Pipeline(Layer):
    layers: Any
    def __init__(
        self,
        layers: Sequence[Layer],
        name: str | None = None,
        *,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class PReLU(Layer):
    alpha: Any
    shared_axes: Any
    def __init__(
        self,
        alpha_initializer: str | Initializer | Callable[..., Any] = "zeros",
        alpha_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        alpha_constraint: str | Constraint | Callable[..., Any] | None = None,
        shared_axes: Sequence[int] | npt.NDArray[Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class RandAugment(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    interpolation: Literal["bilinear", "nearest"]
    num_ops: int
    seed: int | None
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        num_ops: int = 2,
        factor: float | Sequence[float] = 0.5,
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def forward(
        self,
        x: npt.NDArray[Any],
        *,
        training: bool,
        rng: np.random.Generator,
    ) -> tuple[npt.NDArray[Any], Any]: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomBrightness(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomColorDegeneration(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomColorJitter(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    brightness_factor: Any
    contrast_factor: Any
    data_format: Literal["channels_last", "channels_first"] | None
    hue_factor: Any
    saturation_factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        value_range: Sequence[float] = ...,
        brightness_factor: float | Sequence[float] | None = None,
        contrast_factor: float | Sequence[float] | None = None,
        saturation_factor: float | Sequence[float] | None = None,
        hue_factor: float | Sequence[float] | None = None,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomContrast(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomCrop(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    height: int
    seed: int | None
    width: int
    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        name: str | None = None,
        *,
        bounding_box_format: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomElasticTransform(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    fill_mode: Literal["reflect", "constant", "nearest", "wrap"]
    fill_value: float
    interpolation: Literal["bilinear", "nearest"]
    scale: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float | Sequence[float] = 1.0,
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        fill_mode: Literal["reflect", "constant", "nearest", "wrap"] = "reflect",
        fill_value: float = 0.0,
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomErasing(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    fill_value: Any
    scale: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float | Sequence[float] = ...,
        fill_value: float | Sequence[float] | None = None,
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomFlip(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    mode: Literal["horizontal_and_vertical", "horizontal", "vertical"]
    seed: int | None
    def __init__(
        self,
        mode: Literal["horizontal_and_vertical", "horizontal", "vertical"] = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomGaussianBlur(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    kernel_size: Any
    seed: int | None
    sigma: Any
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        kernel_size: int | Sequence[int] = 3,
        sigma: float | Sequence[float] = 1.0,
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomGrayscale(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: float
    seed: int | None
    def __init__(
        self,
        factor: float = 0.5,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomHue(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomInvert(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomPerspective(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    fill_mode: Any
    fill_value: float
    interpolation: Literal["bilinear", "nearest"]
    scale: float
    seed: int | None
    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float = 1.0,
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomPosterization(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: int | Sequence[int],
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomRotation(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    fill_mode: Literal["reflect", "constant", "nearest", "wrap"]
    fill_value: float
    interpolation: Literal["bilinear", "nearest"]
    seed: int | None
    def __init__(
        self,
        factor: float | Sequence[float],
        fill_mode: Literal["reflect", "constant", "nearest", "wrap"] = "reflect",
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomSaturation(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomSharpness(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    factor: Any
    seed: int | None
    value_range: Any
    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomShear(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    fill_mode: Literal["reflect", "constant", "nearest", "wrap"]
    fill_value: float
    interpolation: Literal["bilinear", "nearest"]
    seed: int | None
    x_factor: Any
    y_factor: Any
    def __init__(
        self,
        x_factor: float | Sequence[float] = 0.0,
        y_factor: float | Sequence[float] = 0.0,
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        fill_mode: Literal["reflect", "constant", "nearest", "wrap"] = "reflect",
        fill_value: float = 0.0,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomTranslation(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    fill_mode: Literal["reflect", "constant", "nearest", "wrap"]
    fill_value: float
    height_factor: Any
    interpolation: Literal["bilinear", "nearest"]
    seed: int | None
    width_factor: Any
    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float],
        fill_mode: Literal["reflect", "constant", "nearest", "wrap"] = "reflect",
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class RandomZoom(Layer):
    moves_pixels: bool
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    fill_mode: Literal["reflect", "constant", "nearest", "wrap"]
    fill_value: float
    height_factor: Any
    interpolation: Literal["bilinear", "nearest"]
    seed: int | None
    width_factor: Any
    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float] | None = None,
        fill_mode: Literal["reflect", "constant", "nearest", "wrap"] = "reflect",
        interpolation: Literal["bilinear", "nearest"] = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class ReLU(Layer):
    max_value: float | None
    negative_slope: float
    threshold: float
    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class RepeatVector(Layer):
    n: int
    def __init__(
        self,
        n: int,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Rescaling(Layer):
    offset: Any
    scale: Any
    def __init__(
        self,
        scale: float | Sequence[float] | npt.NDArray[Any],
        offset: float | Sequence[float] | npt.NDArray[Any] = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Reshape(Layer):
    target_shape: Any
    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Resizing(Layer):
    moves_pixels: bool
    antialias: bool
    bounding_box_format: str | None
    crop_to_aspect_ratio: bool
    data_format: Literal["channels_last", "channels_first"] | None
    fill_mode: Literal["constant"]
    fill_value: float
    height: int
    interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"]
    pad_to_aspect_ratio: bool
    width: int
    def __init__(
        self,
        height: int,
        width: int,
        interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"] = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: Literal["constant"] = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class ReversibleEmbedding(Embedding):
    logit_soft_cap: float | None
    reverse_dtype: Literal["float32", "float64"] | None
    reverse_embeddings: Any
    tie_weights: bool
    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: str | Initializer | Callable[..., Any] = "uniform",
        embeddings_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        embeddings_constraint: str | Constraint | Callable[..., Any] | None = None,
        mask_zero: bool = False,
        reverse_dtype: Literal["float32", "float64"] | None = None,
        logit_soft_cap: float | None = None,
        *,
        weights: npt.ArrayLike | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        reverse: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        reverse: bool = False,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, reverse: bool = False) -> Any: ...
    def compute_output_shape(
        self,
        input_shape: Sequence[Any] | Any,
        reverse: bool = False,
    ) -> tuple[Any, ...] | Any: ...

class RMSNormalization(Layer):
    axis: Any
    epsilon: float
    scale: Any
    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-06,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class RNN(Layer):
    cell: Any
    go_backwards: bool
    return_sequences: bool
    return_state: bool
    stateful: bool
    states: Any
    unroll: bool
    zero_output_for_mask: bool
    def __init__(
        self,
        cell: Layer | Sequence[Layer],
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        sequences: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        initial_state: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        sequences: npt.ArrayLike | Mapping[str, Any],
        initial_state: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, sequences_shape: Any) -> None: ...
    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False) -> Any: ...
    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> tuple[Any, ...] | Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    def get_initial_state(self, batch_size: int | None) -> Any: ...
    def reset_state(self) -> None: ...
    def reset_states(self) -> None: ...
    @property
    def state_size(self) -> Any: ...

class SeparableConv1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    depthwise: Any
    pointwise: Any
    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: Literal["valid", "same", "causal"] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int = 1,
        depth_multiplier: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        depthwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        pointwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        depthwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        pointwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        depthwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        pointwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @property
    def bias(self) -> Variable: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @property
    def depthwise_kernel(self) -> Variable: ...
    @property
    def pointwise_kernel(self) -> Variable: ...

class SeparableConv2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    depthwise: Any
    pointwise: Any
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]] = "valid",
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: str | Callable[..., Any] | None = None,
        use_bias: bool = True,
        depthwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        pointwise_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        depthwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        pointwise_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        depthwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        pointwise_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @property
    def bias(self) -> Variable: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @property
    def depthwise_kernel(self) -> Variable: ...
    @property
    def pointwise_kernel(self) -> Variable: ...

def serialize(layer: Any) -> Any: ...

class SimpleRNN(RNN):
    cell_kind: str
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        *,
        zero_output_for_mask: bool = False,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @property
    def activation(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def implementation(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def units(self) -> int: ...
    @property
    def use_bias(self) -> bool: ...

class SimpleRNNCell(Layer):
    gates: int
    states: int
    activation: Any
    bias: Variable
    dropout: float
    implementation: Literal[1, 2]
    kernel: Variable
    recurrent_dropout: float
    recurrent_kernel: Variable
    seed: int | None
    units: int
    use_bias: bool
    def __init__(
        self,
        units: int,
        activation: str | Callable[..., Any] = "tanh",
        use_bias: bool = True,
        kernel_initializer: str | Initializer | Callable[..., Any] = "glorot_uniform",
        recurrent_initializer: str | Initializer | Callable[..., Any] = "orthogonal",
        bias_initializer: str | Initializer | Callable[..., Any] = "zeros",
        kernel_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        recurrent_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        bias_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        kernel_constraint: str | Constraint | Callable[..., Any] | None = None,
        recurrent_constraint: str | Constraint | Callable[..., Any] | None = None,
        bias_constraint: str | Constraint | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        implementation: Literal[1, 2] = 2,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def bias_shape(self) -> Any: ...
    def biases(self, graph: Any) -> Any: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def by_gate(self, arguments: Any) -> Any: ...
    def call(self, inputs: Any, states: Any, training: bool = False) -> Any: ...
    def compute_output_shape(self, inputs_shape: Any, states_shape: Any = None) -> tuple[Any, ...] | Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> Any: ...
    def is_native(self, training: bool | None) -> bool: ...
    def of_input(self, x: Any, bias: Any, training: bool | None) -> Any: ...
    def of_state(self, h: Any, training: bool | None, first: int = 0, gates: Any = None) -> Any: ...
    @property
    def output_size(self) -> int: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def state_size(self) -> int: ...
    def with_dropout(self, x: Any, training: bool | None) -> Any: ...

class Softmax(Layer):
    axis: Any
    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Solarization(Layer):
    moves_pixels: bool
    addition_factor: Any
    bounding_box_format: str | None
    data_format: Literal["channels_last", "channels_first"] | None
    seed: int | None
    threshold_factor: Any
    value_range: Any
    def __init__(
        self,
        addition_factor: float | Sequence[float] = 0.0,
        threshold_factor: float | Sequence[float] = 0.0,
        value_range: Sequence[float] = ...,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        bounding_box_format: str | None = None,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    @property
    def channels_are_last(self) -> bool: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def get_random_transformation(
        self,
        data: npt.NDArray[Any] | Mapping[Any, Any],
        training: bool = True,
        seed: int | np.random.Generator | None = None,
    ) -> Any: ...
    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_images(self, images: npt.ArrayLike, transformation: Any, training: bool = True) -> Any: ...
    def transform_labels(self, labels: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...
    def transform_single_bounding_box(self, bounding_box: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any: ...
    def transform_single_segmentation_mask(
        self,
        segmentation_mask: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any: ...

class SpatialDropout1D(Layer):
    rank: int
    data_format: Any
    rate: float
    seed: int | None
    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class SpatialDropout2D(Layer):
    rank: int
    data_format: Literal["channels_last", "channels_first"] | None
    rate: float
    seed: int | None
    def __init__(
        self,
        rate: float,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class SpatialDropout3D(SpatialDropout2D): ...

class SpectralNormalization(Wrapper):
    power_iterations: int
    vector_u: Any
    def __init__(
        self,
        layer: Layer,
        power_iterations: int = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        x: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any, *, training: bool | None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    @property
    def kernel(self) -> Variable: ...

class StackedRNNCells(Layer):
    cells: Any
    def __init__(
        self,
        cells: Sequence[Layer],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        states: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any],
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, inputs: Any, states: Any, training: bool = False) -> Any: ...
    def compute_output_shape(self, inputs_shape: Any, states_shape: Any = None) -> tuple[Any, ...] | Any: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...
    def get_initial_state(self, batch_size: int | None = None) -> Any: ...
    @property
    def output_size(self) -> int: ...
    @property
    def state_size(self) -> Any: ...

class STFTSpectrogram(Layer):
    data_format: Literal["channels_last", "channels_first"] | None
    expand_dims: bool
    fft_length: int | None
    frame_length: int
    frame_step: int | None
    imag_kernel: Variable
    mode: Literal["log", "magnitude", "psd", "real", "imag", "angle", "stft"]
    padding: Literal["valid", "same"]
    periodic: bool
    real_kernel: Variable
    scaling: Literal["density", "spectrum"]
    window: Any
    def __init__(
        self,
        mode: Literal["log", "magnitude", "psd", "real", "imag", "angle", "stft"] = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: str | npt.ArrayLike = "hann",
        periodic: bool = False,
        scaling: Literal["density", "spectrum"] = "density",
        padding: Literal["valid", "same"] = "valid",
        expand_dims: bool = False,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class StringLookup(Layer):
    encoding: str
    idf_weights: Any
    invert: bool
    mask_token: str | None
    max_tokens: int | None
    num_oov_indices: int
    oov_method: Any
    oov_token: str
    output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"]
    pad_to_max_tokens: bool
    salt: Any
    sparse: bool
    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str = "[UNK]",
        vocabulary: Sequence[Any] | npt.NDArray[Any] | str | PathLike[str] | None = None,
        idf_weights: Sequence[float] | npt.NDArray[Any] | None = None,
        invert: bool = False,
        output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"] = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: int | Sequence[int] | None = None,
        *,
        dtype: Literal["float32", "float64"] | DTypePolicy | None = None,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor | Any: ...
    def adapt(self, data: npt.ArrayLike | Iterable[Any], steps: int | None = None) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def encoded(self, indices: Any) -> Any: ...
    def entry_of(self, line: Any) -> Any: ...
    def finalize_state(self) -> None: ...
    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]: ...
    @property
    def has_given_vocabulary(self) -> bool: ...
    def indices_of(self, entries: Any) -> Any: ...
    def look_up(self, inputs: Any) -> Any: ...
    @property
    def output_dtype(self) -> Any: ...
    def reset_state(self) -> None: ...
    def set_vocabulary(
        self,
        vocabulary: Sequence[Any] | npt.NDArray[Any] | str | PathLike[str],
        idf_weights: Sequence[float] | npt.NDArray[Any] | None = None,
    ) -> None: ...
    def update_state(self, data: npt.ArrayLike) -> None: ...
    def vocabulary_size(self) -> int: ...

class Subtract(Layer):
    merging: str
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

@overload
def subtract(inputs: Sequence[npt.ArrayLike], **kwargs: Any) -> npt.NDArray[Any]: ...
@overload
def subtract(inputs: Sequence[npt.ArrayLike | Tensor], **kwargs: Any) -> Tensor: ...

class Tensor:
    ragged: bool
    sparse: bool
    dtype: str
    index: int
    node: _Node
    shape: tuple[Any, ...]
    def __init__(self, shape: Sequence[int | None], dtype: str, node: Any, index: int = 0) -> None: ...
    def __abs__(self) -> Tensor: ...
    def __add__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __and__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __eq__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __floordiv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __ge__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __getitem__(self, key: Any) -> Tensor: ...
    def __gt__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __invert__(self) -> Tensor: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __le__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __lt__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __matmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __mod__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __mul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __ne__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __neg__(self) -> Tensor: ...
    def __or__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __pow__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __radd__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rand__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rfloordiv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rmatmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rmod__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rmul__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __ror__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rpow__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rsub__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rtruediv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __rxor__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __sub__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __truediv__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    def __xor__(self, other: npt.ArrayLike | Tensor) -> Tensor: ...
    @property
    def name(self) -> str: ...
    @property
    def ndim(self) -> int: ...
    @classmethod
    def of_node(
        cls,
        shape: npt.ArrayLike | Tensor,
        dtype: npt.ArrayLike | Tensor,
        node: npt.ArrayLike | Tensor,
        index: npt.ArrayLike | Tensor,
    ) -> Any: ...
    @property
    def place(self) -> Any: ...

class TextVectorization(Layer):
    encoding: str
    ngrams: Any
    output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"]
    output_sequence_length: int | None
    ragged: bool
    sparse: bool
    split: Any
    standardize: Any
    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: Literal["lower_and_strip_punctuation", "lower", "strip_punctuation"] | Callable[..., Any] = "lower_and_strip_punctuation",
        split: Literal["whitespace", "character"] | Callable[..., Any] = "whitespace",
        ngrams: int | Sequence[int] | None = None,
        output_mode: Literal["int", "one_hot", "multi_hot", "count", "tf_idf"] = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Sequence[Any] | npt.NDArray[Any] | str | PathLike[str] | None = None,
        idf_weights: Sequence[float] | npt.NDArray[Any] | None = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        *,
        dtype: Literal["float32", "float64"] | DTypePolicy | None = None,
        trainable: bool = True,
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any] | Any: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Tensor | Any,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor | Any: ...
    def adapt(
        self,
        data: npt.ArrayLike | Iterable[Any],
        batch_size: int | None = None,
        steps: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...
    def entry_of(self, line: Any) -> Any: ...
    def finalize_state(self) -> None: ...
    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]: ...
    @property
    def has_given_vocabulary(self) -> bool: ...
    def look_up(self, inputs: Any) -> Any: ...
    @property
    def output_dtype(self) -> Any: ...
    def reset_state(self) -> None: ...
    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None: ...
    def update_state(self, data: npt.ArrayLike) -> None: ...
    def vocabulary_size(self) -> int: ...

class TimeDistributed(Wrapper):
    @overload
    def __call__(
        self,
        inputs: Tensor | Sequence[Tensor] | Mapping[str, Tensor],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        inputs: npt.ArrayLike | Mapping[str, Any],
        mask: Tensor | Sequence[Tensor] | Mapping[str, Tensor] | npt.ArrayLike | Mapping[str, Any] | None = None,
        *,
        training: bool | None = None,
        rng: int | np.random.Generator | None = None,
    ) -> npt.NDArray[Any]: ...
    def build(self, input_shape: Sequence[Any] | Any) -> None: ...
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class _Trace(NamedTuple):
    rng: Any
    numbers: tuple[Any, ...] = ...

class UnitNormalization(Layer):
    axis: Any
    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class UpSampling1D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Any
    size: int
    def __init__(
        self,
        size: int = 2,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class UpSampling2D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
    size: Any
    def __init__(
        self,
        size: int | Sequence[int] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"] = "nearest",
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class UpSampling3D(Layer):
    rank: int
    takes_data_format: bool
    data_format: Literal["channels_last", "channels_first"] | None
    size: Any
    def __init__(
        self,
        size: int | Sequence[int] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class Wrapper(Layer):
    layer: Any
    def __init__(
        self,
        layer: Layer,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def build(self, input_shape: Sequence[Any] | Any = None) -> None: ...
    @classmethod
    def from_config(cls, config: Mapping[Any, Any], custom_objects: Mapping[str, Any] | None = None) -> Self: ...

class ZeroPadding1D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        padding: int | Sequence[int] = 1,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class ZeroPadding2D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        padding: int | Sequence[int] | Sequence[Sequence[int]] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

class ZeroPadding3D(Layer):
    argument: str
    crops: bool
    rank: int
    takes_data_format: bool
    amounts: Any
    data_format: Literal["channels_last", "channels_first"] | None
    def __init__(
        self,
        padding: int | Sequence[int] | Sequence[Sequence[int]] = ...,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal["float32", "float64"] | DTypePolicy = "float32",
        activity_regularizer: str | Regularizer | Callable[..., Any] | None = None,
        input_shape: Sequence[int | None] | None = None,
        input_dim: int | None = None,
    ) -> None: ...
    def call(self, x: Tensor | Any) -> Any: ...
    def compute_output_shape(self, input_shape: Sequence[Any] | Any) -> tuple[Any, ...] | Any: ...

AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
Convolution1D = Conv1D
Convolution1DTranspose = Conv1DTranspose
Convolution2D = Conv2D
Convolution2DTranspose = Conv2DTranspose
Convolution3D = Conv3D
Convolution3DTranspose = Conv3DTranspose
Deconvolution2D = Conv2DTranspose
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D
