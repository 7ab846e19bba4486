"""Arguments that are right, for everything public: by their names, or by the name of what takes them.

Files that arguments name are written to the current folder when they are first needed.
"""

import math
from pathlib import Path

import numpy as np

import striate
from striate import distillation, initializers, layers, losses, metrics, optimizers, regularizers, saving
from tests.helpers.facenet import write_facenet

from . import sample_files
from .ops_arguments import OPS_ARGUMENTS


def floats(*shape):
    """Return an array of such a shape, the same each time, between -1 and 1."""
    return np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)


def images():
    return floats(2, 6, 5, 4)


def picture(*shape):
    """Return an image of uint8."""
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def small_model():
    """Return a small compiled model."""
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def small_network():
    """Return a small model for images."""
    parts = [layers.Conv2D(3, 3, name="first"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(3, activation="softmax")]
    return striate.Sequential([layers.Input((6, 5, 2)), *parts], rng=0)


def _features():
    """Return a small network of features."""
    return striate.Sequential([layers.Input((32, 32, 1)), layers.Conv2D(3, 3, strides=4, padding="same")], rng=0)


def sample(kind):
    """Return the path of a good file of a kind in `sample_files`."""
    path = Path("samples", kind, sample_files.KINDS[kind].name)
    if not path.exists():
        path.parent.mkdir(parents=True)
        sample_files.KINDS[kind].write(path)
    return str(path)


def _mtcnn():
    """Return the path of a folder with weights of MTCNN."""
    folder = Path("facenet")
    if not folder.exists():
        folder.mkdir()
        write_facenet(folder)
    return str(folder)


def _mnist():
    """Return the path of a folder with images and labels in IDX files."""
    folder = Path("mnist")
    if not folder.exists():
        folder.mkdir()
        for part in ("train", "t10k"):
            for name, shape in ((f"{part}-images-idx3-ubyte", (2, 3, 3)), (f"{part}-labels-idx1-ubyte", (2,))):
                sizes = b"".join(size.to_bytes(4, "big") for size in shape)
                (folder / name).write_bytes(bytes([0, 0, 8, len(shape)]) + sizes + bytes(math.prod(shape)))
    return str(folder)


def _image_folder():
    """Return the path of a folder with two images of each of two classes."""
    folder = Path("images")
    if not folder.exists():
        for name in ("cat", "dog"):
            (folder / name).mkdir(parents=True)
            for i in range(2):
                striate.utils.save_img(folder / name / f"{i}.png", floats(6, 5, 3))
    return str(folder)


#: A file with a sound of four samples.
_SOUND = b"RIFF,\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0" + bytes(range(8))


def _folder_of(ending, content):
    """Return the path of a folder with a file of each of two classes."""
    folder = Path(f"files_{ending}")
    if not folder.exists():
        for name in ("cat", "dog"):
            (folder / name).mkdir(parents=True)
            (folder / name / f"0.{ending}").write_bytes(content)
    return str(folder)


#: What required arguments are, by their names.
BY_NAME = {
    "activation": lambda: "relu",
    "alpha": lambda: 2.0,
    "arguments": lambda: [None],
    "arrays": lambda: [images(), images()],
    "axes": lambda: (1, 2),
    "axis": lambda: 1,
    "backup_dir": lambda: "backup",
    "beta": lambda: 2.0,
    "block_size": lambda: 2,
    "boundaries": lambda: [3, 5],
    "condition": lambda: images() > 0,
    "conv": lambda: [(1, 4)],
    "counts": lambda: 5,
    "custom_objects": lambda: {"int": int},
    "dataset": lambda: (floats(8, 3), np.zeros(8, np.int64)),
    "decay_rate": lambda: 0.5,
    "decay_steps": lambda: 10,
    "depthwise_kernel": lambda: floats(3, 3, 4, 1),
    "destination": lambda: 2,
    "dims": lambda: (2, 1, 3),
    "dtype": lambda: "float32",
    "dy": images,
    "factor": lambda: 0.2,
    "filename": lambda: "log.csv",
    "filepath": lambda: "model.npz",
    "fill_value": lambda: 2.0,
    "filters": lambda: 4,
    "first_decay_steps": lambda: 10,
    "function": lambda: striate.ops.square,
    "height": lambda: 4,
    "height_factor": lambda: 0.2,
    "identifier": lambda: None,
    "images": lambda: floats(2, 6, 5, 3),
    "img": lambda: floats(6, 5, 3),
    "indices": lambda: [0, 1],
    "indices_or_sections": lambda: 2,
    "initial_learning_rate": lambda: 0.1,
    "input_shape": lambda: (12, 12, 1),
    "inputs": images,
    "k": lambda: 2,
    "kernel": lambda: floats(3, 2, 4, 6),
    "kernel_size": lambda: 3,
    "learning_rate": lambda: 0.1,
    "logits": lambda: floats(3, 4),
    "max_learning_rate": lambda: 0.1,
    "maxval": lambda: 7,
    "mean": lambda: floats(4),
    "minval": lambda: 2,
    "model": small_model,
    "n": lambda: 3,
    "newshape": lambda: (2, 120),
    "num": lambda: 5,
    "num_classes": lambda: 4,
    "num_threads": lambda: 2,
    "num_samples": lambda: 3,
    "output": lambda: np.full((3, 4), 0.25, np.float32),
    "output_size": lambda: 3,
    "pad_width": lambda: 1,
    "path": lambda: "image.png",
    "pointwise_kernel": lambda: floats(1, 1, 4, 6),
    "pool_size": lambda: 2,
    "probabilities": lambda: 0.5,
    "q": lambda: 0.5,
    "rate": lambda: 0.25,
    "repeats": lambda: 2,
    "rng": lambda: 0,
    "scale": lambda: 0.5,
    "schedule": lambda: lambda epoch: 0.1,
    "seed": lambda: 0,
    "shape": lambda: (2, 3),
    "shift": lambda: 1,
    "size": lambda: (4, 3),
    "sizes": lambda: [1, 3],
    "source": lambda: 1,
    "start": lambda: 1,
    "stddev": lambda: 0.1,
    "step": lambda: 1,
    "stop": lambda: 5,
    "target": lambda: np.eye(4, dtype=np.float32)[:3],
    "target_class_ids": lambda: [0, 1],
    "target_shape": lambda: (4, 30),
    "total_steps": lambda: 10,
    "units": lambda: 3,
    "value": lambda: "float32",
    "values": lambda: [0.3, 0.2, 0.1],
    "variance": lambda: np.ones(4, np.float32),
    "width": lambda: 3,
    "width_factor": lambda: 0.2,
    "x": images,
    "x1": images,
    "x2": images,
    "x_max": lambda: 0.5,
    "x_min": lambda: -0.5,
    "xs": lambda: [images(), images()],
    "y": images,
    "y_pred": lambda: np.full((3, 4), 0.25, np.float32),
    "y_true": lambda: np.eye(4, dtype=np.float32)[:3],
    "N": lambda: 3,
}

_INTEGERS = {name: lambda: np.arange(6).reshape(2, 3) for name in ("x", "y", "x1", "x2")}
_LENGTH = {"x": lambda: 5}
_VECTORS = {name: lambda: floats(5) for name in ("x", "x1", "x2")}

_COLORS = {"image": lambda: picture(6, 5, 3)}
_BINARY = {"image": lambda: picture(6, 5) > 99}
_DESCRIPTORS = {"first": lambda: picture(4, 8), "second": lambda: picture(5, 8)}

#: Boxes (x_min, y_min, x_max, y_max).
_BOXES = [[0.0, 0.0, 3.0, 2.0], [1.0, 2.0, 4.0, 6.0]]

_SPARSE = {"y_true": lambda: np.array([0, 1, 3])}
_SHAPES = {"dy": images, "shapes": lambda: [(2, 6, 5, 4), (5, 1)]}
_LINES = {"images": lambda: [picture(8, 20), picture(16, 30, 3)], "texts": lambda: ["ab", "c"]}
_SEQUENCES = {
    "output": lambda: floats(2, 6, 4),
    "target": lambda: np.array([[1, 2], [3, 0]]),
    "target_length": lambda: [2, 1],
    "output_length": lambda: [6, 5],
}
_LSTM = {"x": lambda: floats(2, 5, 4), "kernel": lambda: floats(4, 12), "recurrent_kernel": lambda: floats(3, 12)}
_GRU = _LSTM | {"kernel": lambda: floats(4, 9), "recurrent_kernel": lambda: floats(3, 9)}
_SIMPLE_RNN = _LSTM | {"kernel": lambda: floats(4, 3), "recurrent_kernel": lambda: floats(3, 3)}
_STATES = {"dy": lambda: floats(2, 5, 3)}
_SMALL = {"input_shape": lambda: (32, 32, 3), "classes": lambda: 5}
_KEEP = {"weights": lambda: None, **_SMALL}
_LARGE = {**_KEEP, "input_shape": lambda: (75, 75, 3)}

_SAVING = {
    "filepath": lambda: "saved.npz",
    "overwrite": lambda: True,
    "zipped": lambda: None,
    "include_optimizer": lambda: False,
}
_TENSOR = layers.Input((3,))
_GRAPH = {"inputs": lambda: _TENSOR, "outputs": lambda: layers.Dense(2)(_TENSOR)}

#: What others need, by their names or the beginning of them: arguments in place of those of `BY_NAME`, and optional ones.
ARGUMENTS = {
    "applications.": _KEEP,
    "applications.InceptionResNetV2": _LARGE,
    "applications.InceptionV3": _LARGE,
    "applications.Xception": _LARGE,
    "applications.imagenet_utils.": {"x": lambda: floats(2, 6, 5, 3)},
    "applications.imagenet_utils.decode_predictions": {
        "preds": lambda: floats(3, 2),
        "top": lambda: 2,
        "class_index": lambda: {"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]},
    },
    "architectures.": _SMALL,
    "architectures.AlexNet": {"small_images": lambda: True},
    "architectures.LeNet5": {"input_shape": lambda: (28, 28, 1)},
    "architectures.pattern": {"input_shape": lambda: (12, 12, 1)},
    "backend.set_image_data_format": {"data_format": lambda: "channels_last"},
    "callbacks.TensorBoard": {"log_dir": lambda: "logs"},
    "constraints.deserialize": {"config": lambda: {"class_name": "NonNeg", "config": {}}},
    "constraints.serialize": {"constraint": lambda: striate.constraints.NonNeg()},
    "data.load_mnist": {"folder": _mnist},
    "data.read_idx": {"path": lambda: sample("idx")},
    "detection.": {
        "augmentation": lambda: [striate.detection.RandomFlip()],
        "boxes": lambda: _BOXES,
        "classes": lambda: 3,
        "detections": lambda: [striate.detection.Detections(_BOXES, [0, 2], [0.5, 0.9])],
        "dataset": sample_files.annotated,
        "first": lambda: _BOXES,
        "folder": lambda: ".",
        "labels": lambda: [0, 2],
        "objects": lambda: [striate.detection.Objects(_BOXES, [0, 2])],
        "scores": lambda: [0.5, 0.9],
        "second": lambda: [[1.0, 1.0, 4.0, 4.0]],
    },
    "detection.Dataset": {
        "classes": lambda: ["a", "b", "c"],
        "images": lambda: picture(1, 6, 5),
    },
    "detection.Detector": {
        "backbone": lambda: striate.detection.simple_backbone((16, 16, 1), [4, 4], rng=0),
        "channels": lambda: 4,
        "classes": lambda: ["a", "b"],
        "image_shape": lambda: (16, 16, 1),
        "rng": lambda: 0,
        "strides": lambda: (4, 8),
    },
    "detection.GIoULoss": {},
    "detection.draw_boxes": {
        "classes": lambda: ["a", "b", "c"],
        "found": lambda: striate.detection.Objects(_BOXES, [0, 2]),
        "image": lambda: picture(32, 40),
    },
    "detection.read_frames": {"path": lambda: sample("gif")},
    "detection.load_detector": {"path": lambda: sample("detector")},
    "detection.simple_backbone": {"input_shape": lambda: (16, 16, 1)},
    "detection.read_coco": {"path": lambda: sample("coco")},
    "detection.read_voc": {"folder": lambda: str(Path(sample("voc")).parent), "classes": lambda: ["a", "b", "c"]},
    "detection.read_yolo": {
        "folder": lambda: str(Path(sample("yolo")).parent),
        "images": lambda: str(Path(sample("yolo")).parent),
        "classes": lambda: ["a", "b", "c"],
    },
    "detection.write_coco": {"path": lambda: "written.json"},
    "detection.write_yolo": {"images": lambda: "."},
    "detection.convert_boxes": {"source": lambda: "xyxy", "target": lambda: "rel_xywh", "size": lambda: (6, 5)},
    "faces.": {
        "boxes": lambda: _BOXES,
        "landmarks": lambda: floats(2, 5, 2),
        "scores": lambda: [0.5, 0.9],
    },
    "faces.Verifier": {"model": lambda: striate.faces.embedding_network((8, 8, 3), 4, [4, 4], rng=0)},
    "faces.align": {"image": lambda: picture(9, 9, 3), "landmarks": lambda: floats(5, 2)},
    "faces.embedding_network": {"input_shape": lambda: (8, 8, 3)},
    "faces.pairs": {"embeddings": lambda: floats(4, 3), "labels": lambda: [0, 0, 1, 1]},
    "faces.convert_mtcnn": {"path": lambda: "mtcnn.npz", "source": _mtcnn},
    "metrics.roc_curve": {"y_score": lambda: [0.9, 0.2, 0.4], "y_true": lambda: [1, 0, 1]},
    "functional.PackedKernel": {"algorithm": lambda: "direct", "groups": lambda: 1},
    "functional.add_backward": _SHAPES,
    "functional.average_backward": _SHAPES,
    "functional.average_pool2d_backward_input": {"dy": lambda: floats(2, 3, 2, 4), "input_shape": lambda: (2, 6, 5, 4)},
    "functional.batch_normalization_backward": {"inverse_stddev": lambda: np.ones(4, np.float32)},
    "functional.concatenate_backward": {"sizes": lambda: [1, 3]},
    "functional.conv2d_backward_input": {"dy": lambda: floats(2, 4, 4, 6), "input_shape": lambda: (2, 6, 5, 4)},
    "functional.conv2d_backward_kernel": {"dy": lambda: floats(2, 4, 4, 6), "kernel_shape": lambda: (3, 2, 4, 6)},
    "functional.conv2d_transpose": {"kernel": lambda: floats(3, 2, 6, 4)},
    "functional.conv2d_transpose_backward_input": {
        "dy": lambda: floats(2, 8, 6, 6),
        "kernel": lambda: floats(3, 2, 6, 4),
        "input_shape": lambda: (2, 6, 5, 4),
    },
    "functional.conv2d_transpose_backward_kernel": {"dy": lambda: floats(2, 8, 6, 6), "kernel_shape": lambda: (3, 2, 6, 4)},
    "functional.ctc_loss": _SEQUENCES,
    "functional.ctc_loss_backward_output": {"dy": lambda: floats(2), **_SEQUENCES},
    "functional.dense": {"kernel": lambda: floats(4, 3)},
    "functional.dense_backward_input": {"dy": lambda: floats(2, 3), "kernel": lambda: floats(4, 3)},
    "functional.dropout_backward_input": {"seed": lambda: np.zeros(1, np.uint64)},
    "functional.flatten_backward_input": {"dy": lambda: floats(2, 30), "input_shape": lambda: (2, 6, 5)},
    "functional.global_average_pool2d_backward_input": {"dy": lambda: floats(2, 4), "input_shape": lambda: (2, 6, 5, 4)},
    "functional.max_pool2d_backward_input": {"dy": lambda: floats(2, 3, 2, 4), "y": lambda: floats(2, 3, 2, 4)},
    "functional.subtract_backward": _SHAPES,
    "functional.gru": _GRU,
    "functional.gru_backward": _GRU | _STATES,
    "functional.lstm": _LSTM,
    "functional.lstm_backward": _LSTM | _STATES,
    "functional.simple_rnn": _SIMPLE_RNN,
    "functional.simple_rnn_backward": _SIMPLE_RNN | _STATES,
    "functional.pack_conv2d_kernel": {"input_shape": lambda: (2, 6, 5, 4)},
    "image.": {"image": lambda: picture(12, 10)},
    "image.adaptive_threshold": {"size": lambda: 3},
    "image.bilateral_filter": {"sigma_color": lambda: 20.0},
    "image.canny": {"low": lambda: 50, "high": lambda: 100},
    "image.convolve": {"kernel": lambda: floats(3, 2)},
    "image.convolve1d": {"f": lambda: floats(5), "g": lambda: floats(3)},
    "image.corner_peaks": {"response": lambda: floats(6, 5)},
    "image.correlate": {"kernel": lambda: floats(3, 2)},
    "image.fast": {"threshold": lambda: 9},
    "image.hog": {"cell_size": lambda: 3},
    "image.hsv_to_rgb": _COLORS,
    "image.label": _BINARY,
    "image.match": _DESCRIPTORS,
    "image.read": {"path": lambda: sample("png")},
    "image.region_properties": _BINARY,
    "image.rgb_to_hsv": _COLORS,
    "image.rgb_to_ycbcr": _COLORS,
    "image.rotate": {"angle": lambda: 30},
    "image.separate": {"kernel": lambda: floats(3, 2)},
    "image.sift": {"image": lambda: picture(32, 30)},
    "image.orb": {"image": lambda: picture(64, 60)},
    "image.structuring_element": {"shape": lambda: "ellipse", "size": lambda: 5},
    "image.threshold": {"value": lambda: 99},
    "image.to_grayscale": _COLORS,
    "image.warp_affine": {"matrix": lambda: [[1, 0, 2], [0, 1, 3]]},
    "image.write": {"path": lambda: "written.png"},
    "image.clahe": {"tiles": lambda: 2},
    "image.ycbcr_to_rgb": _COLORS,
    "distillation.Distiller": {
        "teacher": small_model, "student": small_model, "distillation_losses": lambda: distillation.LogitsDistillation(),
    },
    "gradients": {"function": lambda: lambda x, *more: striate.ops.sum(x)},
    "initializers.deserialize": {"config": lambda: {"class_name": "Zeros", "config": {}}},
    "initializers.serialize": {"initializer": lambda: initializers.Zeros()},
    "interop.load_keras_model": {"path": lambda: sample("keras")},
    "interop.load_keras_weights": {"model": sample_files.network, "path": lambda: sample("hdf5")},
    "interop.load_safetensors": {"model": sample_files.safetensors_model, "path": lambda: sample("safetensors")},
    "layers.": {"inputs": lambda: [layers.Input((3, 4)), layers.Input((3, 4))]},
    "layers.Bidirectional": {"layer": lambda: layers.LSTM(3)},
    "layers.RNN": {"cell": lambda: layers.GRUCell(3)},
    "layers.StackedRNNCells": {"cells": lambda: [layers.LSTMCell(3), layers.GRUCell(2)]},
    "layers.TimeDistributed": {"layer": lambda: layers.Dense(3)},
    "layers.Wrapper": {"layer": lambda: layers.Dense(3)},
    "layers.CategoryEncoding": {"num_tokens": lambda: 4},
    "layers.Discretization": {"bin_boundaries": lambda: [-0.5, 0.5]},
    "layers.Dot": {"axes": lambda: 1},
    "layers.Lambda": {"function": lambda: lambda x: x * 2},
    "layers.EinsumDense": {"equation": lambda: "...x,xy->...y", "output_shape": lambda: 3},
    "layers.Embedding": {"input_dim": lambda: 3, "output_dim": lambda: 2},
    "layers.GroupQueryAttention": {
        "head_dim": lambda: 2, "num_query_heads": lambda: 4, "num_key_value_heads": lambda: 2,
    },
    "layers.HashedCrossing": {"num_bins": lambda: 3},
    "layers.deserialize": {"config": lambda: layers.serialize(layers.Dense(3))},
    "layers.serialize": {"layer": lambda: layers.Dense(3)},
    "layers.Hashing": {"num_bins": lambda: 3},
    "layers.MultiHeadAttention": {"num_heads": lambda: 2, "key_dim": lambda: 3},
    "layers.ReversibleEmbedding": {"input_dim": lambda: 3, "output_dim": lambda: 2},
    "layers.InputLayer": {"shape": lambda: (6, 5, 4)},
    "layers.Input": {"shape": lambda: (6, 5, 4)},
    "layers.MaxNumBoundingBoxes": {"max_number": lambda: 3},
    "layers.Permute": {"dims": lambda: (2, 1, 3)},
    "layers.Pipeline": {"layers": lambda: [layers.AutoContrast(), layers.CenterCrop(4, 3)]},
    "layers.RandomPosterization": {"factor": lambda: 3},
    "layers.SpectralNormalization": {"layer": lambda: layers.Dense(3)},
    "layers.Variable": {"initializer": lambda: floats(3), "name": lambda: "w"},
    "losses.CTC": {},
    "losses.ctc": {"y_true": _SEQUENCES["target"], "y_pred": _SEQUENCES["output"]},
    "losses.FunctionLoss": {"function": lambda: losses.MeanSquaredError().call},
    "losses.arc_face_loss": _SPARSE,
    "losses.categorical_generalized_cross_entropy": _SPARSE,
    "losses.circle": _SPARSE,
    "losses.contrastive_loss": _SPARSE,
    "losses.deserialize": {"name": lambda: {"class_name": "Huber", "config": {}}},
    "losses.serialize": {"loss": losses.Huber},
    "losses.sparse_categorical_crossentropy": _SPARSE,
    "losses.triplet_hard_loss": _SPARSE,
    "losses.triplet_semi_hard_loss": _SPARSE,
    "metrics.MeanMetricWrapper": {"fn": lambda: losses.mean_squared_error},
    "metrics.PrecisionAtRecall": {"recall": lambda: 0.5},
    "metrics.RecallAtPrecision": {"precision": lambda: 0.5},
    "metrics.SensitivityAtSpecificity": {"specificity": lambda: 0.5},
    "metrics.SpecificityAtSensitivity": {"sensitivity": lambda: 0.5},
    "metrics.deserialize": {"config": lambda: {"class_name": "AUC", "config": {}}},
    "metrics.serialize": {"metric": metrics.AUC},
    "metrics.sparse_categorical_accuracy": _SPARSE,
    "metrics.sparse_categorical_crossentropy": _SPARSE,
    "metrics.sparse_top_k_categorical_accuracy": _SPARSE,
    "metrics.FunctionMetric": {"function": lambda: lambda y_true, y_pred: abs(y_true - y_pred).mean(-1)},
    "models.": {"inputs": lambda: layers.Input((3,))},
    "models.Functional": _GRAPH,
    "models.Model": _GRAPH,
    "models.load_model": {"filepath": lambda: sample("model")},
    "models.model_from_json": {"json_string": lambda: small_model().to_json()},
    "models.values_and_gradients": {"x": lambda: floats(2, 3), "objective": lambda: striate.ops.square},
    "ocr.": {"truths": lambda: ["ab", "c"], "readings": lambda: ["ab", "b"]},
    "ocr.TextRecognizer": {
        "alphabet": lambda: "abc",
        "filters": lambda: (2, 2, 2, 2, 2, 2),
        "height": lambda: 16,
        "rng": lambda: 0,
    },
    "ocr.levenshtein_distance": {"first": lambda: "ab", "second": lambda: "bc"},
    "ocr.load_text_recognizer": {"path": lambda: sample("recognizer")},
    **dict.fromkeys(
        [
            f"ops.{name}"
            for name in ("bincount", "bitwise_left_shift", "bitwise_right_shift", "gcd", "lcm", "left_shift", "right_shift")
        ],
        _INTEGERS,
    ),
    **dict.fromkeys(["ops.corrcoef", "ops.correlate", "ops.diag", "ops.histogram", "ops.vander"], _VECTORS),
    **dict.fromkeys([f"ops.{name}" for name in ("bartlett", "blackman", "hamming", "hanning", "kaiser")], _LENGTH),
    **OPS_ARGUMENTS,
    "ops.argpartition": {"kth": lambda: 1},
    "ops.average_pool": {"pool_size": lambda: 2},
    "ops.arange": {"start": lambda: 0, "stop": lambda: 5},
    "ops.batch_normalization": {"axis": lambda: -1},
    "ops.broadcast_to": {"shape": lambda: (2, 6, 5, 4)},
    "ops.conv_transpose": {"kernel": lambda: floats(3, 2, 6, 4)},
    "ops.ctc_decode": {"inputs": _SEQUENCES["output"], "sequence_lengths": lambda: [6, 5]},
    "ops.ctc_loss": _SEQUENCES,
    "ops.cross": {"x1": lambda: floats(2, 3), "x2": lambda: floats(2, 3)},
    "ops.depth_to_space": {},
    "ops.depthwise_conv": {"kernel": lambda: floats(3, 2, 4, 1)},
    "ops.diff": {"a": images},
    "ops.digitize": {"bins": lambda: [0.0, 0.5]},
    "ops.dot": {"x1": lambda: floats(2, 3), "x2": lambda: floats(3, 4)},
    "ops.eye": {},
    "ops.dsplit": {"indices_or_sections": lambda: [1, 3]},
    "ops.get_item": {"key": lambda: 1},
    "ops.ldexp": {"x2": lambda: 2},
    "ops.matmul": {"x1": lambda: floats(2, 3), "x2": lambda: floats(3, 4)},
    "ops.moveaxis": {"source": lambda: 1, "destination": lambda: 2},
    "ops.one_hot": {"x": lambda: np.array([0, 2])},
    "ops.rot90": {"array": images},
    "ops.searchsorted": {"sorted_sequence": lambda: [0.0, 0.5]},
    "ops.select": {"condlist": lambda: [images() > 0], "choicelist": lambda: [images()]},
    "ops.sparse_categorical_crossentropy": {"target": lambda: np.array([0, 1, 3])},
    "ops.space_to_depth": {"x": lambda: floats(2, 6, 4, 3)},
    "ops.split": {"indices_or_sections": lambda: 2},
    "ops.squeeze": {"x": lambda: floats(2, 1, 3)},
    "ops.stack": {"x": lambda: [images(), images()]},
    "ops.swapaxes": {"axis1": lambda: 1, "axis2": lambda: 2},
    "ops.tensordot": {"x1": lambda: floats(2, 3), "x2": lambda: floats(2, 3)},
    "ops.vectorize": {"pyfunc": lambda: abs},
    "ops.take_along_axis": {"indices": lambda: np.zeros((2, 6, 5, 1), np.int64), "axis": lambda: -1},
    "ops.image.bilateral_filter": {"images": lambda: floats(2, 6, 5, 3), "sigma_color": lambda: 0.5},
    "ops.image.convolve": {"kernel": lambda: floats(3, 2)},
    "ops.image.correlate": {"kernel": lambda: floats(3, 2)},
    "ops.image.rgb_to_grayscale": {"images": lambda: floats(2, 6, 5, 3)},
    "optimizers.deserialize": {"config": lambda: {"class_name": "SGD", "config": {}}},
    "optimizers.get": {"identifier": lambda: "sgd"},
    "interop.save_keras_model": {"path": lambda: "exported.keras"},
    "optimizers.MultiOptimizer": {"optimizer_map": lambda: optimizers.OptimizerMap(optimizers.SGD())},
    "optimizers.OptimizerMap": {"default_optimizer": lambda: optimizers.SGD()},
    "optimizers.serialize": {"optimizer": lambda: optimizers.SGD()},
    "optimizers.schedules.deserialize": {
        "config": lambda: {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 3}}
    },
    "optimizers.schedules.serialize": {"learning_rate_schedule": lambda: optimizers.schedules.CosineDecay(0.1, 5)},
    "quantization.quantize": {"images": lambda: floats(8, 3)},
    "regularizers.deserialize": {"config": lambda: {"class_name": "L1", "config": {}}},
    "regularizers.serialize": {"regularizer": lambda: regularizers.L1()},
    "retrieval.": {"relevant": lambda: [[True, False, True]], "total": lambda: [3]},
    "retrieval.Index": {"dimensions": lambda: 3},
    "retrieval.load_index": {"path": lambda: sample("index")},
    "device": {"device_name": lambda: "cpu:0"},
    "name_scope": {"name": lambda: "encoder"},
    "remat": {"f": lambda: abs},
    "saving.deserialize_keras_object": {"config": lambda: saving.serialize_keras_object(layers.Dense(2))},
    "saving.get_registered_name": {"obj": lambda: layers.Dense},
    "saving.get_registered_object": {"name": lambda: "Dense", "module_objects": lambda: {"Dense": layers.Dense}},
    "saving.serialize_keras_object": {"obj": lambda: initializers.Zeros()},
    "saving.load_weights": {"filepath": lambda: _saved_weights()},
    "saving.save_model": _SAVING,
    "saving.save_weights": {"filepath": lambda: "saved.npz", "overwrite": lambda: True},
    "models.save_model": _SAVING,
    "tracking.": {
        "boxes": lambda: _BOXES,
        "detector": sample_files.detector,
        "image": lambda: picture(32, 40),
        "labels": lambda: [0, 2],
        "ids": lambda: [3, 5],
        "scores": lambda: [0.5, 0.9],
        "found": lambda: [sample_files.tracks()],
        "truth": lambda: [sample_files.tracks()],
    },
    "tracking.Tracker": {},
    "tracking.TemplateTracker": {
        "box": lambda: [4.0, 4.0, 20.0, 20.0], "features": _features, "frame": lambda: picture(32, 40), "context": lambda: 0.25,
    },
    "tracking.draw_tracks": {"tracks": sample_files.tracks, "classes": lambda: ["a", "b", "c"]},
    "tracking.embed_boxes": {"model": _features},
    "tracking.read_mot": {"path": lambda: sample("mot")},
    "tracking.track": {"frames": lambda: picture(2, 8, 9)},
    "tracking.write_mot": {"path": lambda: "written.txt", "tracks": lambda: [sample_files.tracks()]},
    "video.": {
        "events": sample_files.events,
        "found": sample_files.events,
        "truth": sample_files.events,
    },
    "video.StaticObjects": {"fps": lambda: 10},
    "video.read_events": {"path": lambda: sample("events")},
    "video.write_events": {"path": lambda: "written.jsonl"},
    "visualize.": {
        "channel": lambda: 1,
        "history": lambda: {"loss": [0.3, 0.2], "val_loss": [0.4, 0.3]},
        "image": lambda: floats(6, 5),
        "kernel": lambda: floats(3, 2),
        "maps": lambda: floats(2, 6, 5),
        "model": small_network,
        "points": lambda: floats(6, 2),
        "units": lambda: [0, 1],
        "values": lambda: floats(6, 5),
        "vectors": lambda: floats(40, 3),
        "x": lambda: floats(2, 6, 5, 2),
        "y_pred": lambda: floats(2, 3),
        "y_true": lambda: np.array([0, 1]),
    },
    "visualize.LiveCurves": {"path": lambda: "curves.png"},
    "visualize.maximize": {"steps": lambda: 2, "rng": lambda: 0},
    "visualize.plot_feature_maps": {"image": lambda: floats(6, 5, 2)},
    "visualize.plot_roc": {"curves": lambda: metrics.roc_curve([0, 1, 1], [0.1, 0.7, 0.4])},
    "visualize.smooth_grad": {"samples": lambda: 3, "rng": lambda: 0},
    "visualize.tsne": {"perplexity": lambda: 5.0, "rng": lambda: 0},
    "set_winograd": {"enabled": lambda: True},
    "utils.Progbar": {"target": lambda: 3},
    "utils.audio_dataset_from_directory": {"directory": lambda: _folder_of("wav", _SOUND), "verbose": lambda: False},
    "utils.text_dataset_from_directory": {"directory": lambda: _folder_of("txt", b"some words"), "verbose": lambda: False},
    "utils.get_file": {"origin": lambda: Path(sample("png")).absolute().as_uri(), "cache_dir": lambda: "cache"},
    "utils.get_source_inputs": {"tensor": lambda: layers.Input((2,))},
    "utils.pack_x_y_sample_weight": {"x": lambda: floats(2, 3)},
    "utils.pad_sequences": {"sequences": lambda: [[1], [2, 3]]},
    "utils.split_dataset": {"dataset": lambda: floats(8, 3), "left_size": lambda: 5},
    "utils.FeatureSpace": {"features": lambda: {"size": "float", "color": "string_hashed"}},
    "utils.timeseries_dataset_from_array": {
        "data": lambda: floats(8, 3),
        "targets": lambda: floats(8),
        "sequence_length": lambda: 2,
    },
    "utils.unpack_x_y_sample_weight": {"data": lambda: (floats(2, 3), floats(2))},
    "utils.array_to_img": {"x": lambda: floats(6, 5, 3)},
    "utils.image_dataset_from_directory": {"directory": _image_folder, "image_size": lambda: (4, 3), "verbose": lambda: False},
    "utils.load_img": {"path": lambda: sample("png")},
    "utils.save_img": {"x": lambda: floats(6, 5, 3)},
    "utils.normalize": {"x": lambda: floats(2, 3)},
    "utils.plot_model": {"to_file": lambda: "model.dot"},
    "utils.to_categorical": {"x": lambda: np.array([0, 2, 1])},
    "activations.get": {"identifier": lambda: "relu"},
    "activations.deserialize": {"config": lambda: "relu"},
    "activations.serialize": {"activation": lambda: striate.activations.relu},
    "losses.get": {"identifier": lambda: "mse"},
    "metrics.get": {"identifier": lambda: "accuracy"},
    "initializers.get": {"identifier": lambda: "zeros"},
}  # fmt: skip


def _dense():
    """Return a small layer that has its weights."""
    layer = layers.Dense(2)
    layer.build((None, 3))
    return layer


ONE_HOT = {"y_true": BY_NAME["y_true"], "y_pred": BY_NAME["y_pred"]}
_BATCH = {"x": lambda: floats(4, 3), "y": lambda: np.array([0, 1, 1, 0])}
_OF_SHAPES = {name: {"input_shape": lambda: (None, 6, 5, 4)} for name in ("build", "compute_output_shape")}
_QUIETLY = {**_BATCH, "verbose": lambda: 0}

#: Two states of a `striate.tracking.BoxFilter`.
_STATES = {"means": lambda: np.ones((2, 8)), "covariances": lambda: np.stack([np.eye(8)] * 2)}

#: Methods, by class: what makes an instance, and arguments as `ARGUMENTS` has them.
METHODS = {
    "Model": (
        small_model,
        {
            "add": {"layer": lambda: layers.Dense(3)},
            "build": {"input_shape": lambda: (None, 3)},
            "compile": {"optimizer": lambda: "sgd", "loss": lambda: "mse"},
            "compute_output_shape": {"input_shape": lambda: (None, 3)},
            "evaluate": _QUIETLY,
            "fit": _QUIETLY,
            "from_config": {"config": lambda: small_model().get_config()},
            "get_layer": {"index": lambda: 0},
            "load_weights": {"filepath": lambda: _saved_weights()},
            "plan": {"batch_size": lambda: 2},
            "predict": {"x": lambda: floats(4, 3), "verbose": lambda: 0},
            "predict_on_batch": {"x": lambda: floats(4, 3)},
            "save": _SAVING,
            "save_weights": {"filepath": lambda: "saved.npz", "overwrite": lambda: True},
            "set_weights": {"weights": lambda: small_model().get_weights()},
            "summary": {"print_fn": lambda: len},
            "test_on_batch": _BATCH,
            "train_on_batch": _BATCH,
        },
    ),
    "Dense": (
        _dense,
        {
            "__call__": {"x": lambda: floats(2, 3)},
            "add_weight": {"shape": lambda: (2, 3)},
            "build": {"input_shape": lambda: (None, 3)},
            "compute_output_shape": {"input_shape": lambda: (None, 3)},
            "from_config": {"config": lambda: _dense().get_config()},
            "set_weights": {"weights": lambda: _dense().get_weights()},
        },
    ),
    "MTCNN": (
        lambda: striate.faces.MTCNN(thresholds=(0.9, 0.9, 0.9), rng=0),
        {
            "detect": {"image": lambda: picture(24, 30)},
            "predict": {"images": lambda: picture(2, 24, 30, 3)},
            "save_weights": {"path": lambda: "mtcnn.npz"},
        },
    ),
    "Verifier": (
        lambda: striate.faces.Verifier(striate.faces.embedding_network((8, 8, 3), 4, [4, 4], rng=0), 0.5),
        {
            "calibrate": {"images": lambda: picture(3, 8, 8, 3), "labels": lambda: [0, 0, 1]},
            "embed": {"images": lambda: picture(3, 8, 8, 3)},
            "similarity": {"first": lambda: picture(3, 8, 8, 3), "second": lambda: picture(3, 8, 8, 3)},
            "verify": {"first": lambda: picture(3, 8, 8, 3), "second": lambda: picture(3, 8, 8, 3)},
        },
    ),
    "Detector": (
        sample_files.detector,
        {
            "detect": {"image": lambda: picture(8, 9)},
            "evaluate": {"dataset": sample_files.annotated},
            "fit": {"dataset": sample_files.annotated, "verbose": lambda: 0},
            "predict": {"images": lambda: picture(2, 8, 9, 1)},
            "save": {"path": lambda: "detector.npz"},
        },
    ),
    "TextRecognizer": (
        sample_files.recognizer,
        {
            "evaluate": _LINES,
            "fit": {**_LINES, "verbose": lambda: 0},
            "predict": {"images": _LINES["images"]},
            "read": {"image": lambda: picture(8, 20)},
            "save": {"path": lambda: "recognizer.npz"},
        },
    ),
    "Index": (
        sample_files.index,
        {
            "add": {"vectors": lambda: floats(2, 3), "ids": lambda: [10, 11]},
            "remove": {"ids": lambda: [0, 2]},
            "save": {"path": lambda: "index.npz"},
            "search": {"queries": lambda: floats(2, 3)},
        },
    ),
    "BoxFilter": (
        striate.tracking.BoxFilter,
        {
            "begin": {"boxes": lambda: _BOXES},
            "boxes": {"means": lambda: np.ones((2, 8))},
            "distances": {**_STATES, "boxes": lambda: _BOXES},
            "predict": _STATES,
            "update": {**_STATES, "boxes": lambda: _BOXES},
        },
    ),
    "Tracker": (
        striate.tracking.Tracker,
        {"update": {"detections": lambda: striate.detection.Detections(_BOXES, [0, 2], [0.5, 0.9])}},
    ),
    "TemplateTracker": (
        lambda: striate.tracking.TemplateTracker(_features(), picture(32, 40), [4, 4, 20, 20]),
        {name: {"frame": lambda: picture(32, 40)} for name in ("response", "update")},
    ),
    "MixtureOfGaussians": (striate.video.MixtureOfGaussians, {"apply": {"frame": lambda: picture(6, 5)}}),
    "StaticObjects": (lambda: striate.video.StaticObjects(10), {"update": {"frame": lambda: picture(6, 5)}}),
    "RandomAffine": (
        lambda: striate.detection.RandomAffine(),
        {
            "__call__": {
                "image": lambda: picture(6, 5, 1),
                "objects": lambda: sample_files.annotated().objects[0],
                "rng": lambda: np.random.default_rng(0),
            }
        },
    ),
    "Conv2D": (lambda: layers.Conv2D(2, 3), {"__call__": {"x": images}, **_OF_SHAPES}),
    "SeparableConv2D": (lambda: layers.SeparableConv2D(2, 3), {"__call__": {"x": images}, **_OF_SHAPES}),
    "Flatten": (layers.Flatten, {"__call__": {"x": images}, **_OF_SHAPES}),
    "Add": (
        layers.Add,
        {
            "__call__": {"inputs": lambda: [images(), images()]},
            "compute_output_shape": {"input_shape": lambda: [(None, 6, 5, 4), (None, 6, 5, 4)]},
        },
    ),
    "Normalization": (layers.Normalization, {"adapt": {"data": lambda: floats(4, 3)}}),
    "Variable": (
        lambda: layers.Variable(floats(3), "w"),
        {name: {"value": lambda: floats(3)} for name in ("assign", "assign_add", "assign_sub")},
    ),
    "MeanSquaredError": (losses.MeanSquaredError, {"__call__": ONE_HOT}),
    "CategoricalCrossentropy": (losses.CategoricalCrossentropy, {"__call__": ONE_HOT}),
    "SparseCategoricalCrossentropy": (
        losses.SparseCategoricalCrossentropy,
        {"__call__": {**ONE_HOT, **_SPARSE}},
    ),
    "CategoricalAccuracy": (metrics.CategoricalAccuracy, {"update_state": ONE_HOT, "__call__": ONE_HOT}),
    "Mean": (metrics.Mean, {"update_state": {"values": lambda: floats(3)}, "__call__": {"values": lambda: floats(3)}}),
    "Precision": (metrics.Precision, {"update_state": ONE_HOT}),
    "SGD": (
        optimizers.SGD,
        {
            "apply": {"grads": lambda: [floats(3)], "trainable_variables": lambda: [layers.Variable(floats(3), "w")]},
            "from_config": {"config": lambda: optimizers.SGD().get_config()},
        },
    ),
    "HeNormal": (initializers.HeNormal, {"__call__": {"shape": lambda: (2, 3), "rng": lambda: 0}}),
    "L2": (regularizers.L2, {"__call__": {"x": lambda: floats(3, 4)}}),
    "UnitNorm": (striate.constraints.UnitNorm, {"__call__": {"w": lambda: floats(3, 4)}}),
    "ExponentialDecay": (lambda: optimizers.schedules.ExponentialDecay(0.1, 10, 0.5), {"__call__": {"step": lambda: 3}}),
    "SeedGenerator": (lambda: striate.random.SeedGenerator(0), {"next": {}}),
}


def _saved_weights():
    path = Path("weights.npz")
    if not path.exists():
        small_model().save_weights(path)
    return str(path)
