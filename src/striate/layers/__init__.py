"""Layers: their arguments, weights and output shapes, and the operations of the engine that compute them."""

from .._common.later import importing_later
from ..engine import Variable
from . import deserialization, scaling  # noqa: F401  Files name the layers of `scaling`.
from .activation import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from .arithmetic import Operation
from .base import Layer
from .convolution import Conv1D, Conv2D, Conv3D
from .core import Dense, Input, InputLayer
from .depthwise import DepthwiseConv1D, DepthwiseConv2D
from .deserialization import deserialize, serialize
from .functions import Identity, Lambda
from .input_spec import InputSpec
from .merging import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from .nesting import Wrapper
from .normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    LocalResponseNormalization,
    RMSNormalization,
    UnitNormalization,
)
from .padding import Cropping1D, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D
from .pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from .preprocessing import Normalization, Rescaling
from .regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from .reshaping import Flatten, Permute, RepeatVector, Reshape
from .resizing import CenterCrop, Resizing
from .separable import SeparableConv1D, SeparableConv2D
from .spectral_normalization import SpectralNormalization
from .symbolic import Tensor
from .transposed import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from .upsampling import UpSampling1D, UpSampling2D, UpSampling3D

# Keras' aliases
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
Convolution1D = Conv1D
Convolution1DTranspose = Conv1DTranspose
Convolution2D = Conv2D
Convolution2DTranspose = Conv2DTranspose
Convolution3D = Conv3D
Convolution3DTranspose = Conv3DTranspose
Deconvolution2D = Conv2DTranspose
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
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
    "EinsumDense",
    "Embedding",
    "Equalization",
    "Flatten",
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

#: Names of modules that few programs need.
_LATER = {
    "adaptive_pooling": (
        "AdaptiveAveragePooling1D",
        "AdaptiveAveragePooling2D",
        "AdaptiveAveragePooling3D",
        "AdaptiveMaxPooling1D",
        "AdaptiveMaxPooling2D",
        "AdaptiveMaxPooling3D",
    ),
    "attention": (
        "AdditiveAttention",
        "Attention",
        "GroupQueryAttention",
        "GroupedQueryAttention",
        "MultiHeadAttention",
    ),
    "augmentation.colors": (
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomGrayscale",
        "RandomHue",
        "RandomSaturation",
    ),
    "augmentation.geometric": (
        "RandomCrop",
        "RandomFlip",
        "RandomRotation",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
    ),
    "augmentation.histograms": (
        "ContrastLimitedAdaptiveHistogramEqualization",
        "Equalization",
    ),
    "augmentation.photometric": (
        "AutoContrast",
        "RandomBrightness",
        "RandomContrast",
        "RandomGaussianBlur",
        "RandomInvert",
        "RandomPosterization",
        "RandomSharpness",
        "Solarization",
    ),
    "augmentation.pipeline": (
        "MaxNumBoundingBoxes",
        "Pipeline",
    ),
    "augmentation.policies": (
        "AugMix",
        "RandAugment",
    ),
    "augmentation.regions": (
        "CutMix",
        "MixUp",
        "RandomErasing",
    ),
    "augmentation.warps": (
        "RandomElasticTransform",
        "RandomPerspective",
    ),
    "categories": (
        "CategoryEncoding",
        "Discretization",
    ),
    "cosine": ("CosineDense",),
    "einsum_dense": ("EinsumDense",),
    "embedding": (
        "Embedding",
        "ReversibleEmbedding",
    ),
    "lookup": (
        "HashedCrossing",
        "Hashing",
        "IntegerLookup",
        "StringLookup",
        "TextVectorization",
    ),
    "recurrent": (
        "GRU",
        "LSTM",
        "RNN",
        "Bidirectional",
        "GRUCell",
        "LSTMCell",
        "SimpleRNN",
        "SimpleRNNCell",
        "StackedRNNCells",
        "TimeDistributed",
    ),
    "spectrograms": (
        "MelSpectrogram",
        "STFTSpectrogram",
    ),
}

__getattr__, __dir__ = importing_later(globals(), _LATER)

deserialization.LAYERS.add(
    {
        name: cls
        for name, cls in ((name, globals().get(name)) for name in __all__)
        if isinstance(cls, type) and issubclass(cls, Layer)
    }
)
deserialization.LAYERS.add_later(__name__, [name for names in _LATER.values() for name in names])
