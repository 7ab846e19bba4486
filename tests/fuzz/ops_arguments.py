"""Arguments that are right for functions of `striate.ops` beyond those with NumPy's names, as in `api_arguments`."""

import numpy as np

import striate


def _floats(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)


def _matrices():
    """Return positive definite matrices."""
    x = _floats(2, 3, 3)
    return x @ x.swapaxes(-1, -2) + np.eye(3, dtype=np.float32)


def _pair():
    return _floats(2, 4, 5), _floats(2, 4, 5)


_OF_MATRICES = (
    "cholesky", "cholesky_inverse", "det", "eig", "eigh", "inv", "logdet", "lu_factor", "matrix_power", "matrix_rank", "pinv",
    "qr", "slogdet", "svd",
)  # fmt: skip
_MATRICES = {"x": _matrices}
_EQUATIONS = {"a": _matrices, "b": lambda: _floats(2, 3)}
_PARTS = {"x": _pair}
_SEQUENCES = {"x": lambda: _floats(2, 16), "sequence_length": lambda: 4, "sequence_stride": lambda: 2, "fft_length": lambda: 4}
_SEGMENTS = {"data": lambda: _floats(3, 2), "segment_ids": lambda: [0, 1, 0]}
_POINTS = [[0.0, 0.0], [4.0, 0.0], [0.0, 5.0], [4.0, 5.0]]

OPS_ARGUMENTS = {
    **dict.fromkeys([f"ops.{name}" for name in _OF_MATRICES], _MATRICES),
    **dict.fromkeys(["ops.solve", "ops.solve_triangular"], _EQUATIONS),
    **dict.fromkeys(["ops.fft", "ops.fft2", "ops.ifft2", "ops.irfft"], _PARTS),
    **dict.fromkeys([f"ops.segment_{name}" for name in ("max", "min", "prod", "sum")], _SEGMENTS),
    **dict.fromkeys(["ops.stft", "ops.extract_sequences"], _SEQUENCES),
    "ops.associative_scan": {"f": lambda: striate.ops.add, "elems": lambda: _floats(4, 2)},
    "ops.cond": {"pred": lambda: True, "true_fn": lambda: list, "false_fn": lambda: dict},
    "ops.custom_gradient": {"f": lambda: lambda x: (x, lambda dy: dy)},
    "ops.dot_product_attention": {name: lambda: _floats(2, 3, 2, 4) for name in ("query", "key", "value")},
    "ops.fold": {"x": lambda: _floats(2, 12, 4), "output_size": lambda: 4, "kernel_size": lambda: 2, "stride": lambda: 2},
    "ops.fori_loop": {"lower": lambda: 0, "upper": lambda: 3, "body_fun": lambda: lambda i, x: x, "init_val": lambda: 1.0},
    "ops.in_top_k": {"targets": lambda: [0, 1], "predictions": lambda: _floats(2, 4), "k": lambda: 2},
    "ops.istft": {
        "x": lambda: (_floats(2, 7, 3), _floats(2, 7, 3)), "sequence_length": lambda: 4, "sequence_stride": lambda: 2,
        "fft_length": lambda: 4,
    },
    "ops.jvp": {"fun": lambda: striate.ops.square, "primals": lambda: [_floats(3)], "tangents": lambda: [_floats(3)]},
    "ops.lstsq": {"a": lambda: _floats(4, 3), "b": lambda: _floats(4)},
    "ops.map": {"f": lambda: striate.ops.square, "xs": lambda: _floats(3, 2)},
    "ops.multi_hot": {"inputs": lambda: np.array([[0, 2]]), "num_classes": lambda: 4},
    "ops.polar": {"abs_": lambda: _floats(3), "angle": lambda: _floats(3)},
    "ops.psnr": {"max_val": lambda: 1.0},
    "ops.rearrange": {"tensor": lambda: _floats(2, 3), "pattern": lambda: "a b -> b a"},
    "ops.scan": {"f": lambda: lambda carry, x: (carry, x), "init": lambda: 0.0, "xs": lambda: _floats(3, 2)},
    "ops.scatter": {"indices": lambda: [[0], [2]], "values": lambda: _floats(2, 3), "shape": lambda: (4, 3)},
    "ops.scatter_update": {"inputs": lambda: _floats(4, 3), "indices": lambda: [[0], [2]], "updates": lambda: _floats(2, 3)},
    "ops.slice": {"inputs": lambda: _floats(4, 3), "start_indices": lambda: (1, 0), "shape": lambda: (2, 2)},
    "ops.slice_update": {"inputs": lambda: _floats(4, 3), "start_indices": lambda: (1, 0), "updates": lambda: _floats(2, 2)},
    "ops.stop_gradient": {"variable": lambda: _floats(3)},
    "ops.switch": {"index": lambda: 0, "branches": lambda: [list, dict]},
    "ops.vectorized_map": {"function": lambda: striate.ops.square, "elements": lambda: _floats(3, 2)},
    "ops.view_as_complex": {"x": lambda: _floats(3, 2)},
    "ops.image.affine_transform": {"transform": lambda: [1.0, 0, 0, 0, 1.0, 0, 0, 0]},
    "ops.image.crop_images": {
        "top_cropping": lambda: 1, "bottom_cropping": lambda: 0, "left_cropping": lambda: 1, "right_cropping": lambda: 0,
    },
    "ops.image.elastic_transform": {"seed": lambda: 0},
    "ops.image.extract_patches_3d": {"volumes": lambda: _floats(2, 4, 6, 5, 2), "size": lambda: 2},
    "ops.image.map_coordinates": {"inputs": lambda: _floats(4, 3), "coordinates": lambda: _floats(2, 5), "order": lambda: 1},
    "ops.image.pad_images": {
        "top_padding": lambda: 1, "bottom_padding": lambda: 0, "left_padding": lambda: 1, "right_padding": lambda: 0,
    },
    "ops.image.perspective_transform": {"start_points": lambda: _POINTS, "end_points": lambda: _POINTS},
    "ops.image.reconstruct_patches": {
        "patches": lambda: _floats(2, 3, 2, 8), "size": lambda: 2, "output_size": lambda: (6, 4),
    },
    "ops.image.scale_and_translate": {
        "output_shape": lambda: (2, 3, 5, 3), "scale": lambda: [0.5], "translation": lambda: [0.0],
        "spatial_dims": lambda: (1,), "method": lambda: "linear",
    },
    "ops.image.ssim": {"image1": lambda: _floats(2, 12, 12, 1), "image2": lambda: _floats(2, 12, 12, 1)},
}  # fmt: skip
