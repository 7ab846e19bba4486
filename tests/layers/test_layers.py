"""All layers: shapes, weights, configurations, and gradients by finite differences."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers
from striate._common.structures import flat
from striate.functional.activation_table import KERNELS
from striate.layers.symbolic import flat_shapes
from tests.helpers.layer_gradients import gradients

IMAGES = (2, 6, 7, 4)
VOLUMES = (2, 5, 4, 6, 4)
FIRST = {"data_format": "channels_first"}

LAYERS = [
    (layers.Conv2D, {"filters": 3, "kernel_size": 3}, IMAGES, (2, 4, 5, 3)),
    (
        layers.Conv2D,
        {"filters": 6, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "groups": 2},
        IMAGES,
        (2, 3, 7, 6),
    ),
    (layers.Conv2D, {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "use_bias": False}, IMAGES, (2, 4, 5, 2)),
    *[(layers.Conv2D, {"filters": 3, "kernel_size": 2, "activation": name}, IMAGES, (2, 5, 6, 3)) for name in KERNELS],
    (layers.Conv2D, {"filters": 8, "kernel_size": 2, "groups": 2}, IMAGES, (2, 5, 6, 8)),
    (layers.Conv2D, {"filters": 3, "kernel_size": 3, "algorithm": "winograd"}, IMAGES, (2, 4, 5, 3)),
    (layers.DepthwiseConv2D, {"kernel_size": 3, "algorithm": "direct"}, IMAGES, (2, 4, 5, 4)),
    (layers.Conv2DTranspose, {"filters": 3, "kernel_size": 3, "algorithm": "winograd_f2"}, IMAGES, (2, 8, 9, 3)),
    (layers.Conv1D, {"filters": 3, "kernel_size": 3, "algorithm": "im2col"}, (2, 9, 4), (2, 7, 3)),
    (layers.Conv1DTranspose, {"filters": 3, "kernel_size": 3, "algorithm": "direct"}, (2, 9, 4), (2, 11, 3)),
    (layers.DepthwiseConv2D, {"kernel_size": 3}, IMAGES, (2, 4, 5, 4)),
    (
        layers.DepthwiseConv2D,
        {"kernel_size": (3, 2), "strides": 2, "padding": "same", "depth_multiplier": 3, "activation": "relu"},
        IMAGES,
        (2, 3, 4, 12),
    ),
    (layers.DepthwiseConv2D, {"kernel_size": 2, "dilation_rate": 2, "use_bias": False}, (2, 5, 5, 1), (2, 3, 3, 1)),
    (layers.SeparableConv2D, {"filters": 5, "kernel_size": 3, "activation": "tanh"}, IMAGES, (2, 4, 5, 5)),
    (
        layers.SeparableConv2D,
        {"filters": 3, "kernel_size": 3, "strides": 2, "depth_multiplier": 2, "padding": "same", "use_bias": False},
        IMAGES,
        (2, 3, 4, 3),
    ),
    (layers.MaxPooling2D, {}, IMAGES, (2, 3, 3, 4)),
    (layers.MaxPooling2D, {"pool_size": 3, "strides": 2, "padding": "same"}, IMAGES, (2, 3, 4, 4)),
    (layers.AveragePooling2D, {"pool_size": (2, 3), "strides": 1}, IMAGES, (2, 5, 5, 4)),
    (layers.AveragePooling2D, {"pool_size": 3, "strides": 2, "padding": "same"}, IMAGES, (2, 3, 4, 4)),
    (layers.GlobalAveragePooling2D, {}, IMAGES, (2, 4)),
    (layers.GlobalAveragePooling2D, {"keepdims": True}, IMAGES, (2, 1, 1, 4)),
    (layers.GlobalMaxPooling2D, {}, IMAGES, (2, 4)),
    (layers.GlobalMaxPooling2D, {"keepdims": True}, IMAGES, (2, 1, 1, 4)),
    (layers.Flatten, {}, IMAGES, (2, 168)),
    (layers.Dense, {"units": 5, "activation": "tanh"}, (3, 4), (3, 5)),
    (layers.CosineDense, {"units": 5}, (3, 4), (3, 5)),
    (layers.CosineDense, {"units": 2}, IMAGES, (2, 6, 7, 2)),
    (layers.Dense, {"units": 2, "use_bias": False}, IMAGES, (2, 6, 7, 2)),
    (layers.Activation, {"activation": "sigmoid"}, IMAGES, IMAGES),
    (layers.Activation, {"activation": "softmax"}, (3, 5), (3, 5)),
    (layers.Activation, {"activation": "mish"}, (3, 5), (3, 5)),
    (layers.Dense, {"units": 5, "activation": "gelu", "use_bias": False}, (3, 4), (3, 5)),
    (layers.ReLU, {}, IMAGES, IMAGES),
    (layers.ReLU, {"negative_slope": 0.3}, IMAGES, IMAGES),
    (layers.ReLU, {"max_value": 6.0}, IMAGES, IMAGES),
    (layers.ReLU, {"max_value": 0.8}, IMAGES, IMAGES),
    (layers.ReLU, {"max_value": 1.0, "negative_slope": 0.2, "threshold": 0.3}, IMAGES, IMAGES),
    (layers.Softmax, {}, (3, 5), (3, 5)),
    (layers.Softmax, {"axis": 1}, IMAGES, IMAGES),
    (layers.Dropout, {"rate": 0.5}, IMAGES, IMAGES),
    (layers.InputLayer, {"shape": (6, 7, 4)}, IMAGES, IMAGES),
    (layers.Reshape, {"target_shape": (7, -1)}, IMAGES, (2, 7, 24)),
    (layers.BatchNormalization, {}, IMAGES, IMAGES),
    (layers.BatchNormalization, {"scale": False, "epsilon": 0.1}, (5, 3), (5, 3)),
    (layers.LocalResponseNormalization, {"depth_radius": 1, "alpha": 0.3}, IMAGES, IMAGES),
    (layers.LayerNormalization, {}, IMAGES, IMAGES),
    (layers.LayerNormalization, {"axis": [1, 2, 3], "center": False}, IMAGES, IMAGES),
    (layers.LayerNormalization, {"axis": -1, "scale": False, "epsilon": 0.1}, (5, 3), (5, 3)),
    (layers.GroupNormalization, {"groups": 2}, IMAGES, IMAGES),
    (layers.GroupNormalization, {"groups": -1, "center": False}, IMAGES, IMAGES),
    (layers.GroupNormalization, {"groups": 1, "scale": False}, (40, 6), (40, 6)),
    (layers.Conv1D, {"filters": 5, "kernel_size": 3, "activation": "gelu"}, (2, 9, 4), (2, 7, 5)),
    (layers.Conv1D, {"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, (2, 9, 4), (2, 9, 4)),
    (layers.Conv1D, {"filters": 4, "kernel_size": 2, "strides": 3, "padding": "same", "groups": 2}, (2, 8, 4), (2, 3, 4)),
    (layers.Conv2DTranspose, {"filters": 3, "kernel_size": 3}, IMAGES, (2, 8, 9, 3)),
    (layers.Conv2DTranspose, {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, IMAGES, (2, 12, 14, 2)),
    (
        layers.Conv2DTranspose,
        {"filters": 5, "kernel_size": (2, 3), "strides": (3, 2), "output_padding": 1, "use_bias": False, "activation": "tanh"},
        IMAGES,
        (2, 18, 16, 5),
    ),
    (layers.MaxPooling1D, {}, (2, 9, 4), (2, 4, 4)),
    (layers.MaxPooling1D, {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 8, 4), (2, 4, 4)),
    (layers.AveragePooling1D, {"pool_size": 3, "strides": 1}, (2, 9, 4), (2, 7, 4)),
    (layers.GlobalAveragePooling1D, {}, (2, 9, 4), (2, 4)),
    (layers.GlobalMaxPooling1D, {"keepdims": True}, (2, 9, 4), (2, 1, 4)),
    (layers.LSTM, {"units": 3}, (2, 5, 4), (2, 3)),
    (layers.LSTM, {"units": 3, "return_sequences": True, "go_backwards": True, "use_bias": False}, (2, 5, 4), (2, 5, 3)),
    (layers.LSTM, {"units": 3, "activation": "softsign", "dropout": 0.5, "recurrent_dropout": 0.5}, (2, 5, 4), (2, 3)),
    (layers.GRU, {"units": 3, "return_sequences": True}, (2, 5, 4), (2, 5, 3)),
    (layers.GRU, {"units": 3, "reset_after": False, "recurrent_dropout": 0.5, "go_backwards": True}, (2, 5, 4), (2, 3)),
    (layers.GRU, {"units": 3, "use_bias": False, "recurrent_activation": "hard_sigmoid"}, (2, 5, 4), (2, 3)),
    (layers.SimpleRNN, {"units": 3, "dropout": 0.5}, (2, 5, 4), (2, 3)),
    (layers.SimpleRNN, {"units": 3, "activation": "relu", "return_sequences": True}, (2, 5, 4), (2, 5, 3)),
    (layers.Permute, {"dims": (3, 1, 2)}, IMAGES, (2, 4, 6, 7)),
    (layers.Permute, {"dims": (2, 1)}, (3, 4, 5), (3, 5, 4)),
    (layers.ZeroPadding2D, {}, IMAGES, (2, 8, 9, 4)),
    (layers.ZeroPadding2D, {"padding": ((0, 2), (3, 1))}, IMAGES, (2, 8, 11, 4)),
    (layers.Cropping2D, {"cropping": ((1, 0), (2, 3))}, IMAGES, (2, 5, 2, 4)),
    (layers.Cropping2D, {"cropping": (2, 1)}, IMAGES, (2, 2, 5, 4)),
    (layers.UpSampling2D, {}, IMAGES, (2, 12, 14, 4)),
    (layers.UpSampling2D, {"size": (3, 1)}, IMAGES, (2, 18, 7, 4)),
    (layers.UpSampling2D, {"size": (2, 3), "interpolation": "bilinear"}, IMAGES, (2, 12, 21, 4)),
    (layers.LeakyReLU, {}, IMAGES, IMAGES),
    (layers.ELU, {"alpha": 0.7}, IMAGES, IMAGES),
    (layers.PReLU, {"alpha_initializer": "random_normal"}, IMAGES, IMAGES),
    (layers.PReLU, {"shared_axes": (1, 2)}, IMAGES, IMAGES),
    (layers.PReLU, {"shared_axes": (2,)}, IMAGES, IMAGES),
    (layers.PReLU, {"shared_axes": (1, 3)}, IMAGES, IMAGES),
    (layers.Rescaling, {"scale": 0.5, "offset": -1.0}, IMAGES, IMAGES),
    (layers.Rescaling, {"scale": [1.0, 2.0, 3.0, 4.0], "offset": 0.5}, IMAGES, IMAGES),
    (layers.Normalization, {"mean": [1.0, 2.0, 3.0, 4.0], "variance": [1.0, 4.0, 0.25, 2.0]}, IMAGES, IMAGES),
    (layers.Normalization, {"mean": 1.0, "variance": 4.0, "invert": True}, (3, 5), (3, 5)),
    (layers.Normalization, {"axis": None}, IMAGES, IMAGES),
    (layers.Resizing, {"height": 3, "width": 9}, IMAGES, (2, 3, 9, 4)),
    (layers.Resizing, {"height": 4, "width": 3, "interpolation": "nearest"}, IMAGES, (2, 4, 3, 4)),
    (layers.Resizing, {"height": 4, "width": 8, "crop_to_aspect_ratio": True}, IMAGES, (2, 4, 8, 4)),
    (layers.Resizing, {"height": 4, "width": 3, "pad_to_aspect_ratio": True, "fill_value": 2.0}, IMAGES, (2, 4, 3, 4)),
    (layers.Resizing, {"height": 4, "width": 9, "antialias": True}, IMAGES, (2, 4, 9, 4)),
    (layers.Resizing, {"height": 8, "width": 3, "interpolation": "bicubic"}, IMAGES, (2, 8, 3, 4)),
    (layers.Resizing, {"height": 3, "width": 3, "interpolation": "lanczos5", "antialias": True}, IMAGES, (2, 3, 3, 4)),
    (layers.CenterCrop, {"height": 4, "width": 3}, IMAGES, (2, 4, 3, 4)),
    (layers.CenterCrop, {"height": 8, "width": 3}, IMAGES, (2, 8, 3, 4)),
    (layers.SpatialDropout2D, {"rate": 0.5}, IMAGES, IMAGES),
    (layers.GaussianNoise, {"stddev": 0.3}, IMAGES, IMAGES),
    (layers.RandomFlip, {}, IMAGES, IMAGES),
    (layers.RandomTranslation, {"height_factor": 0.3, "width_factor": (0.0, 0.5)}, IMAGES, IMAGES),
    (layers.RandomTranslation, {"height_factor": 0.9, "width_factor": 0.9, "fill_mode": "wrap"}, IMAGES, IMAGES),
    (layers.RandomRotation, {"factor": 0.5}, IMAGES, IMAGES),
    (layers.RandomRotation, {"factor": 0.2, "fill_mode": "constant", "interpolation": "nearest"}, IMAGES, IMAGES),
    (layers.RandomZoom, {"height_factor": (-0.5, 0.5)}, IMAGES, IMAGES),
    (layers.RandomZoom, {"height_factor": 0.5, "width_factor": 0.2, "fill_mode": "nearest"}, IMAGES, IMAGES),
    (layers.RandomCrop, {"height": 4, "width": 5}, IMAGES, (2, 4, 5, 4)),
    (layers.RandomContrast, {"factor": 0.5, "value_range": (-9.0, 9.0)}, IMAGES, IMAGES),
    (layers.RandomBrightness, {"factor": 0.1, "value_range": (-9.0, 9.0)}, IMAGES, IMAGES),
    (layers.RandomGrayscale, {}, (4, 6, 7, 3), (4, 6, 7, 3)),
    (layers.RandomSaturation, {"factor": (0.2, 0.9), "value_range": (-9.0, 9.0)}, (4, 6, 7, 3), (4, 6, 7, 3)),
    (layers.RandomHue, {"factor": 1.0, "value_range": (-9.0, 9.0)}, (4, 6, 7, 3), (4, 6, 7, 3)),
    (layers.RandomErasing, {"scale": (0.2, 0.5)}, IMAGES, IMAGES),
    (layers.RandomErasing, {"factor": (1, 1), "fill_value": (1.0, 2.0, 3.0)}, (4, 6, 7, 3), (4, 6, 7, 3)),
    (layers.Identity, {}, IMAGES, IMAGES),
    (layers.ZeroPadding1D, {"padding": (0, 2)}, (2, 9, 4), (2, 11, 4)),
    (layers.Cropping1D, {}, (2, 9, 4), (2, 7, 4)),
    (layers.UpSampling1D, {"size": 3}, (2, 9, 4), (2, 27, 4)),
    (layers.UpSampling2D, {"interpolation": "bicubic"}, IMAGES, (2, 12, 14, 4)),
    (layers.RepeatVector, {"n": 3}, (2, 4), (2, 3, 4)),
    (layers.DepthwiseConv1D, {"kernel_size": 3, "depth_multiplier": 2, "activation": "relu"}, (2, 9, 4), (2, 7, 8)),
    (layers.DepthwiseConv1D, {"kernel_size": 2, "strides": 2, "padding": "causal", "use_bias": False}, (2, 9, 1), (2, 5, 1)),
    (layers.SeparableConv1D, {"filters": 5, "kernel_size": 3, "padding": "same", "activation": "tanh"}, (2, 9, 4), (2, 9, 5)),
    (layers.Conv1DTranspose, {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, (2, 9, 4), (2, 18, 3)),
    (
        layers.Conv1DTranspose,
        {"filters": 5, "kernel_size": 2, "strides": 3, "output_padding": 1, "use_bias": False, "activation": "tanh"},
        (2, 9, 4),
        (2, 27, 5),
    ),
    (layers.RMSNormalization, {}, IMAGES, IMAGES),
    (layers.RMSNormalization, {"axis": [1, 3], "epsilon": 0.1}, IMAGES, IMAGES),
    (layers.UnitNormalization, {}, IMAGES, IMAGES),
    (layers.UnitNormalization, {"axis": [1, 2]}, IMAGES, IMAGES),
    (layers.Softmax, {"axis": [1, 2]}, IMAGES, IMAGES),
    (layers.Dropout, {"rate": 0.5, "noise_shape": (None, 1, 7, 1)}, IMAGES, IMAGES),
    (layers.Dropout, {"rate": 1.0}, IMAGES, IMAGES),
    (layers.AlphaDropout, {"rate": 0.3}, IMAGES, IMAGES),
    (layers.AlphaDropout, {"rate": 0.3, "noise_shape": (None, 1)}, (2, 4), (2, 4)),
    (layers.GaussianDropout, {"rate": 0.3}, IMAGES, IMAGES),
    (layers.SpatialDropout1D, {"rate": 0.5}, (2, 9, 4), (2, 9, 4)),
    (layers.ActivityRegularization, {"l1": 0.1, "l2": 0.2}, IMAGES, IMAGES),
]
LAYERS += [
    (layers.Conv3D, {"filters": 3, "kernel_size": 2, "activation": "tanh"}, VOLUMES, (2, 4, 3, 5, 3)),
    (layers.Conv3D, {"filters": 4, "kernel_size": (3, 2, 1), "padding": "same", "groups": 2}, VOLUMES, (2, 5, 4, 6, 4)),
    (layers.Conv3D, {"filters": 2, "kernel_size": 2, "strides": 3, "padding": "same"}, VOLUMES, (2, 2, 2, 2, 2)),
    (layers.Conv3D, {"filters": 2, "kernel_size": (2, 1, 2), "dilation_rate": (3, 1, 2)}, VOLUMES, (2, 2, 4, 4, 2)),
    (layers.Conv3D, {"filters": 3, "kernel_size": 1, "use_bias": False}, VOLUMES, (2, 5, 4, 6, 3)),
    (layers.Conv3D, {"filters": 3, "kernel_size": (3, 1, 1), "strides": (2, 1, 3), **FIRST}, VOLUMES, (2, 3, 1, 6, 2)),
    (layers.Conv3DTranspose, {"filters": 3, "kernel_size": 2, "activation": "relu"}, VOLUMES, (2, 6, 5, 7, 3)),
    (layers.Conv3DTranspose, {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, VOLUMES, (2, 10, 8, 12, 2)),
    (layers.Conv3DTranspose, {"filters": 2, "kernel_size": (5, 1, 3), "padding": "same"}, VOLUMES, (2, 5, 4, 6, 2)),
    (
        layers.Conv3DTranspose,
        {"filters": 2, "kernel_size": (1, 2, 3), "strides": (3, 2, 2), "output_padding": (2, 1, 0), "use_bias": False},
        VOLUMES,
        (2, 15, 9, 13, 2),
    ),
    (layers.Conv3DTranspose, {"filters": 2, "kernel_size": 2, "strides": 2, **FIRST}, (2, 3, 1, 2, 4), (2, 2, 2, 4, 8)),
    (layers.MaxPooling3D, {"pool_size": (2, 2, 3)}, VOLUMES, (2, 2, 2, 2, 4)),
    (layers.MaxPooling3D, {"pool_size": (1, 2, 2), "strides": (2, 1, 3), "padding": "same"}, VOLUMES, (2, 3, 4, 2, 4)),
    (layers.AveragePooling3D, {"pool_size": 3, "strides": 2, "padding": "same"}, VOLUMES, (2, 3, 2, 3, 4)),
    (layers.AveragePooling3D, {"pool_size": 2, **FIRST}, VOLUMES, (2, 5, 2, 3, 2)),
    (layers.GlobalMaxPooling3D, {}, VOLUMES, (2, 4)),
    (layers.GlobalAveragePooling3D, {"keepdims": True, **FIRST}, VOLUMES, (2, 5, 1, 1, 1)),
    (layers.UpSampling3D, {"size": (1, 3, 2)}, VOLUMES, (2, 5, 12, 12, 4)),
    (layers.UpSampling3D, {}, VOLUMES, (2, 10, 8, 12, 4)),
    (layers.ZeroPadding3D, {"padding": ((0, 1), (2, 0), (1, 1))}, VOLUMES, (2, 6, 6, 8, 4)),
    (layers.Cropping3D, {"cropping": (1, 0, 2)}, VOLUMES, (2, 3, 4, 2, 4)),
    (layers.SpatialDropout3D, {"rate": 0.5}, VOLUMES, VOLUMES),
    (layers.AdaptiveAveragePooling1D, {"output_size": 4}, (2, 9, 4), (2, 4, 4)),
    (layers.AdaptiveAveragePooling2D, {"output_size": (3, 2)}, IMAGES, (2, 3, 2, 4)),
    (layers.AdaptiveAveragePooling3D, {"output_size": (5, 2, 4)}, VOLUMES, (2, 5, 2, 4, 4)),
    (layers.AdaptiveMaxPooling1D, {"output_size": 3}, (2, 9, 4), (2, 3, 4)),
    (layers.AdaptiveMaxPooling2D, {"output_size": 8, **FIRST}, IMAGES, (2, 6, 8, 8)),
    (layers.AdaptiveMaxPooling3D, {"output_size": 2}, VOLUMES, (2, 2, 2, 2, 4)),
    (layers.Conv1D, {"filters": 3, "kernel_size": 2, "padding": "causal", **FIRST}, (2, 4, 9), (2, 3, 9)),
    (layers.Conv2D, {"filters": 3, "kernel_size": 2, "activation": "relu", **FIRST}, IMAGES, (2, 3, 6, 3)),
    (layers.Conv2DTranspose, {"filters": 3, "kernel_size": 2, "strides": 2, **FIRST}, IMAGES, (2, 3, 14, 8)),
    (layers.DepthwiseConv2D, {"kernel_size": 2, "depth_multiplier": 2, **FIRST}, IMAGES, (2, 12, 6, 3)),
    (layers.SeparableConv1D, {"filters": 3, "kernel_size": 2, **FIRST}, (2, 4, 9), (2, 3, 8)),
    (layers.MaxPooling2D, {**FIRST}, IMAGES, (2, 6, 3, 2)),
    (layers.GlobalMaxPooling1D, {"keepdims": True, **FIRST}, (2, 4, 9), (2, 4, 1)),
    (layers.GlobalAveragePooling2D, {**FIRST}, IMAGES, (2, 6)),
    (layers.ZeroPadding2D, {"padding": (1, 2), **FIRST}, IMAGES, (2, 6, 9, 8)),
    (layers.Cropping2D, {"cropping": ((1, 0), (2, 1)), **FIRST}, IMAGES, (2, 6, 6, 1)),
    (layers.UpSampling2D, {"size": (1, 2), "interpolation": "bilinear", **FIRST}, IMAGES, (2, 6, 7, 8)),
    (layers.SpatialDropout2D, {"rate": 0.5, **FIRST}, IMAGES, IMAGES),
    (layers.Flatten, {**FIRST}, IMAGES, (2, 168)),
    (layers.BatchNormalization, {"axis": 1}, IMAGES, IMAGES),
    (layers.BatchNormalization, {"axis": -2, "scale": False}, (2, 9, 4), (2, 9, 4)),
    (layers.GroupNormalization, {"groups": 3, "axis": 1}, IMAGES, IMAGES),
    (layers.LayerNormalization, {"axis": 1}, IMAGES, IMAGES),
    (layers.LayerNormalization, {"axis": [3, 1]}, IMAGES, IMAGES),
    (layers.LayerNormalization, {"axis": -1, "rms_scaling": True}, IMAGES, IMAGES),
    (layers.STFTSpectrogram, {"mode": "psd", "frame_length": 4, "frame_step": 3}, (2, 11, 3), (2, 3, 9)),
    (
        layers.STFTSpectrogram,
        {"mode": "stft", "frame_length": 5, "window": None, "expand_dims": True},
        (2, 9, 2),
        (2, 3, 10, 2),
    ),
    (layers.STFTSpectrogram, {"mode": "real", "frame_length": 4, "padding": "same"}, (2, 9, 2), (2, 5, 6)),
    (layers.STFTSpectrogram, {"mode": "imag", "frame_length": 4, **FIRST}, (2, 3, 9), (2, 9, 3)),
    (layers.STFTSpectrogram, {"frame_length": 4, "expand_dims": True, **FIRST}, (2, 3, 9), (2, 3, 3, 3)),
    (
        layers.MelSpectrogram,
        {"fft_length": 8, "sequence_stride": 3, "num_mel_bins": 2, "power_to_db": False},
        (2, 9),
        (2, 2, 4),
    ),
    (layers.MelSpectrogram, {"fft_length": 7, "sequence_stride": 2, "num_mel_bins": 3, "mag_exp": 1.5}, (2, 9), (2, 3, 5)),
]
MERGING = [
    (layers.Add, {}, [IMAGES, IMAGES, IMAGES], IMAGES),
    (layers.Subtract, {}, [IMAGES, IMAGES], IMAGES),
    (layers.Multiply, {}, [IMAGES, IMAGES, IMAGES], IMAGES),
    (layers.Average, {}, [(3, 5), (3, 5)], (3, 5)),
    (layers.Maximum, {}, [IMAGES, IMAGES], IMAGES),
    (layers.Minimum, {}, [IMAGES, IMAGES], IMAGES),
    (layers.Multiply, {}, [IMAGES, (2, 1, 1, 4)], IMAGES),
    (layers.Add, {}, [(2, 4), IMAGES, (2, 7, 1)], IMAGES),
    (layers.Maximum, {}, [IMAGES, (2, 6, 1, 4)], IMAGES),
    (layers.Concatenate, {}, [IMAGES, (2, 6, 7, 3)], (2, 6, 7, 7)),
    (layers.Concatenate, {"axis": 1}, [IMAGES, (2, 1, 7, 4), IMAGES], (2, 13, 7, 4)),
]
MERGING += [
    (layers.Dot, {"axes": 1}, [(3, 5), (3, 5)], (3, 1)),
    (layers.Dot, {"axes": (-1, 1), "normalize": True}, [(2, 3, 4), (2, 4, 5)], (2, 3, 5)),
    (layers.Dot, {"axes": (2, 1)}, [(2, 3, 4, 2), (2, 4)], (2, 3, 2)),
]
LAYERS += MERGING
each_layer = pytest.mark.parametrize(("cls", "arguments", "input_shape", "output_shape"), LAYERS)


def arrays_for(input_shape, rng, dtype):
    """Return a random array of a shape, or a list of arrays for a list of shapes."""
    if isinstance(input_shape, list):
        return [rng.standard_normal(shape).astype(dtype) for shape in input_shape]
    return rng.standard_normal(input_shape).astype(dtype)


def of_any_batch(input_shape):
    """Return a shape, or a list of shapes, with None for the batch size."""
    return [(None, *s[1:]) for s in input_shape] if isinstance(input_shape, list) else (None, *input_shape[1:])


@each_layer
def test_compute_output_shape_returns_the_shape_of_the_output(cls, arguments, input_shape, output_shape):
    layer = cls(**arguments)
    assert layer.compute_output_shape(of_any_batch(input_shape)) == (None, *output_shape[1:])
    y = layer(arrays_for(input_shape, np.random.default_rng(0), np.float32), rng=0)
    assert y.shape == output_shape
    assert y.dtype == np.float32


def shapes_of_weights(cls, arguments, input_shape):
    layer = cls(**arguments)
    layer(arrays_for(input_shape, np.random.default_rng(0), np.float32))
    return [weight.shape for weight in layer.weights]


def weights_depend_on(cls, arguments, input_shape, axis):
    """Return whether the shapes of a layer's weights depend on the size of the input along an axis."""
    other = [tuple(2 * n if i == axis else n for i, n in enumerate(shape)) for shape in flat_shapes(input_shape)]
    try:
        found = shapes_of_weights(cls, arguments, other if isinstance(input_shape, list) else other[0])
    except ValueError:  # The layer refuses the other size, but not because of its weights.
        return False
    return found != shapes_of_weights(cls, arguments, input_shape)


@each_layer
def test_unknown_sizes_are_inferred(cls, arguments, input_shape, output_shape):
    if cls is layers.InputLayer:  # Its sizes are arguments.
        return
    several = isinstance(input_shape, list)
    x = arrays_for(input_shape, np.random.default_rng(0), np.float32)
    for axis in range(1, len(flat_shapes(input_shape)[0])):
        layer = cls(**arguments)
        inputs = [Input(tuple(None if i == axis else n for i, n in enumerate(shape))[1:]) for shape in flat_shapes(input_shape)]
        if weights_depend_on(cls, arguments, input_shape, axis):
            with pytest.raises(ValueError, match=r"layer '\w+' .*(is not known|a known number)"):
                Sequential([inputs[0], layer])
            continue
        model = Model(inputs, layer(inputs if several else inputs[0]), rng=0)
        assert len(model.output_shape) == len(output_shape)
        assert all(n in (None, size) for n, size in zip(model.output_shape[1:], output_shape[1:], strict=True))
        np.testing.assert_array_equal(model.predict(x), layer(x, training=False))
        assert model.predict(x).shape == output_shape


@each_layer
def test_sizes_that_weights_depend_on_are_checked(cls, arguments, input_shape, output_shape):
    built = cls(**arguments)
    built(arrays_for(input_shape, np.random.default_rng(0), np.float32))
    if isinstance(input_shape, list) or not built.weights:
        return
    for axis in range(1, len(input_shape)):
        other = tuple(2 * n if i == axis else n for i, n in enumerate(input_shape))
        x = arrays_for(other, np.random.default_rng(0), np.float32)
        if weights_depend_on(cls, arguments, input_shape, axis):
            with pytest.raises(ValueError, match=r"was built for inputs of shape \(None, .* expected the same number"):
                built(x)
        else:
            assert built(x).shape == cls(**arguments)(x).shape


@each_layer
@pytest.mark.parametrize("training", [False, True])
def test_an_empty_batch_gives_empty_results(cls, arguments, input_shape, output_shape, training):
    layer = cls(**arguments)
    empty = [(0, *shape[1:]) for shape in input_shape] if isinstance(input_shape, list) else (0, *input_shape[1:])
    layer(arrays_for(input_shape, np.random.default_rng(0), np.float32), rng=0)
    before = layer.get_weights()
    y = layer(arrays_for(empty, np.random.default_rng(0), np.float32), training=training)
    assert (y.shape, y.dtype) == ((0, *output_shape[1:]), np.float32)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@each_layer
def test_gradients_match_finite_differences(cls, arguments, input_shape, output_shape):
    rng = np.random.default_rng(1)
    layer = cls(**arguments, dtype="float64")
    x = arrays_for(input_shape, rng, np.float64)
    layer(x, rng=rng)
    for weight in layer.weights:  # With initial weights of 0 or 1, wrong gradients could pass.
        weight.assign(weight.value + 0.1 * rng.standard_normal(weight.shape))
    dy = rng.standard_normal(output_shape)
    _, *found = gradients(layer, x, dy)
    inputs = flat(x)
    for i, gradient in enumerate(found):
        weight = layer.trainable_weights[i - len(inputs)] if i >= len(inputs) else None
        array = (inputs[i] if weight is None else weight.value).copy()
        assert gradient.shape == array.shape
        for index in rng.choice(array.size, min(array.size, 20), replace=False):
            element, step = np.unravel_index(index, array.shape), 1e-6
            values = []
            for change in (step, -step):
                changed = array.copy()
                changed[element] += change
                if weight is None:
                    values.append(np.vdot(gradients(layer, [*inputs[:i], changed, *inputs[i + 1 :]] if isinstance(x, list)
                                                    else changed, dy)[0], dy))  # fmt: skip
                else:
                    weight.assign(changed)
                    values.append(np.vdot(gradients(layer, x, dy)[0], dy))
                    weight.assign(array)
            assert gradient[element] == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-5, abs=1e-7)


@each_layer
def test_configuration_makes_an_equal_layer(cls, arguments, input_shape, output_shape):
    layer = cls(**arguments, name="one", trainable=False, dtype="float64")
    again = cls.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.name, again.trainable, again.dtype) == ("one", False, "float64")


def test_arguments_that_only_keras_uses_are_accepted():
    assert layers.LeakyReLU(alpha=0.1).negative_slope == 0.1
    assert layers.PReLU("Zeros").get_config() == layers.PReLU().get_config()
    layers.BatchNormalization(synchronized=True, renorm=False)
    layers.LayerNormalization(rms_scaling=False)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.Conv2D(0, 3), ValueError, r"filters=0 .* at least 1"),
        (lambda: layers.Conv2D(2.5, 3), TypeError, r"filters=2.5 .* integer"),
        (lambda: layers.Conv2D(2, (1, 2, 3)), ValueError, r"kernel_size=\(1, 2, 3\)"),
        (lambda: layers.Conv2D(2, 3, strides=0), ValueError, r"strides=0"),
        (lambda: layers.Conv2D(2, 3, activation="swoosh"), ValueError, r"activation='swoosh' is unknown; expected one of"),
        (lambda: layers.Conv2D(2, 3, kernel_initializer="lucky"), ValueError, r"initializer='lucky' is unknown"),
        (lambda: layers.Conv2D(2, 3, name="a/b"), ValueError, r"name='a/b'"),
        (lambda: layers.Dense(3, dtype="float16"), ValueError, r"dtype='float16'"),
        (lambda: layers.Dropout(1.1), ValueError, r"rate=1.1 .* at most 1"),
        (lambda: layers.GaussianDropout(1), ValueError, r"rate=1 .* below 1"),
        (lambda: layers.Dropout(0.5, (2, 3))(np.ones((2, 4), np.float32)), ValueError, r"noise_shape=\(2, 3\) does not fit"),
        (lambda: layers.BatchNormalization(renorm_clipping={"max": 1.0}), ValueError, r"renorm_clipping=.* some of the keys"),
        (lambda: layers.BatchNormalization(renorm_clipping={"rmin": 2, "rmax": 1}), ValueError, r"rmin above rmax"),
        (lambda: layers.BatchNormalization(axis=0)(np.ones(IMAGES)), ValueError, r"axis=0; expected an axis of the input"),
        (lambda: layers.GroupNormalization(0), ValueError, r"groups=0 is no number of groups"),
        (lambda: layers.SpectralNormalization("dense"), ValueError, r"layer='dense' is of type str; expected a Layer"),
        (lambda: layers.SpectralNormalization(layers.ReLU())(np.ones(IMAGES)), ValueError, r"has no kernel to normalize"),
        (lambda: layers.RMSNormalization(axis=0)(np.ones((2, 4), np.float32)), ValueError, r"axis=0; expected axes"),
        (lambda: layers.Dot(1)([np.ones((2, 4)), np.ones((2, 3))]), ValueError, r"with axes=1; expected axes of the same"),
        (lambda: layers.RepeatVector(2)(np.ones(IMAGES, np.float32)), ValueError, r"expected \(batch, features\)"),
        (
            lambda: layers.Cropping1D(5)(np.ones((2, 9, 4), np.float32)),
            ValueError,
            r"with cropping=\(\(5, 5\),\); expected a larger one",
        ),
        (lambda: layers.RandomHue(1.5), ValueError, r"factor=1.5 .* at most 1"),
        (lambda: layers.RandomHue(0.5)(np.ones(IMAGES, np.float32)), ValueError, r"expected 3 channels"),
        (lambda: layers.Lambda("square"), TypeError, r"function='square' cannot be called"),
        (lambda: layers.Dropout("much"), TypeError, r"rate='much'"),
        (lambda: layers.ReLU(negative_slope=-1), ValueError, r"negative_slope=-1"),
        (lambda: layers.Input(), ValueError, r"shape=None is not the shape of a sample"),
        (lambda: layers.Input((28, 0)), ValueError, r"shape\[1\]=0"),
        (lambda: layers.Conv2D(2, 3)(np.ones((4, 4), np.float32)), ValueError, r"2 dimensions; expected 4"),
        (lambda: layers.Conv2D(2, 9)(np.ones(IMAGES, np.float32)), ValueError, r"kernel is larger than the padded input"),
        (lambda: layers.Conv2D(2, 3, groups=3)(np.ones(IMAGES, np.float32)), ValueError, r"groups=3 .* 4 channels"),
        (lambda: layers.MaxPooling2D(8)(np.ones(IMAGES, np.float32)), ValueError, r"pool_size is larger"),
        (lambda: layers.Softmax(axis=2)(np.ones((3, 4), np.float32)), ValueError, r"axis=2 is out of range"),
        (lambda: layers.Dense(3)(np.ones((3, 4), complex)), TypeError, r"x has dtype complex128; expected real numbers"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    "layer",
    [
        layers.GroupNormalization(4),
        layers.LayerNormalization(),
        layers.Permute((3, 1, 2)),
        layers.ZeroPadding2D(3),
        layers.UpSampling2D(2),
        layers.Resizing(50, 61),
        layers.RandomRotation(0.1),
        layers.RandomContrast(0.5),
        layers.PReLU(shared_axes=(1, 2)),
        layers.Conv2DTranspose(8, 3, strides=2),
    ],
)
def test_results_do_not_depend_on_the_number_of_threads(layer):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 40, 36, 16), dtype=np.float32)
    dy = rng.standard_normal(layer(x, rng=0).shape, dtype=np.float32)
    one, two, three = (gradients(layer, x, dy, threads=threads) for threads in (1, 2, 3))
    for a, b, c in zip(one, two, three, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)
