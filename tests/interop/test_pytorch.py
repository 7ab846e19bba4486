"""PyTorch's weights in safetensors files, beside PyTorch where it is installed."""

import numpy as np
import pytest

import striate
from striate import interop, layers

safetensors = pytest.importorskip("safetensors.numpy")

X = np.random.default_rng(0).standard_normal((3, 10, 8, 3)).astype("float32")


def network(rng=0):
    return striate.Sequential(
        [
            layers.Input((10, 8, 3)),
            layers.Conv2D(6, 3, padding=1),
            layers.BatchNormalization(epsilon=1e-5),
            layers.ReLU(),
            layers.DepthwiseConv2D(3, padding=1, depth_multiplier=2),
            layers.Conv2D(8, (3, 2), groups=2, activation="relu"),
            layers.Conv2DTranspose(4, 2, strides=2),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(7, activation="relu"),
            layers.Dense(4),
        ],
        rng=rng,
    )


def test_outputs_are_those_of_pytorch(tmp_path):
    torch = pytest.importorskip("torch")
    nn = torch.nn
    theirs = nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Conv2d(6, 12, 3, padding=1, groups=6),
        nn.Conv2d(12, 8, (3, 2), groups=2),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 4, 2, stride=2),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(4 * 8 * 7, 7),
        nn.ReLU(),
        nn.Linear(7, 4),
    ).eval()
    theirs[1].running_mean.uniform_()
    theirs[1].running_var.uniform_(0.5, 2)
    images = torch.from_numpy(X.transpose(0, 3, 1, 2).copy())
    safetensors.save_file({name: each.numpy() for name, each in theirs.state_dict().items()}, tmp_path / "x.safetensors")
    ours = network()
    interop.load_safetensors(ours, tmp_path / "x.safetensors")
    with torch.no_grad():
        np.testing.assert_allclose(ours.predict(X), theirs(images).numpy(), rtol=1e-4, atol=1e-5)

    other = network(rng=5)
    names = dict(zip(("conv2d", "batch_normalization", "depthwise_conv2d", "conv2d_1", "conv2d_transpose", "dense", "dense_1"),
                     ("0", "1", "3", "4", "6", "10", "12"), strict=True))  # fmt: skip
    interop.save_safetensors(other, tmp_path / "y.safetensors", names)
    state = {name: torch.from_numpy(array) for name, array in safetensors.load_file(tmp_path / "y.safetensors").items()}
    theirs.load_state_dict(state, strict=False)
    with torch.no_grad():
        np.testing.assert_allclose(other.predict(X), theirs(images).numpy(), rtol=1e-4, atol=1e-5)


def test_weights_written_are_read_again(tmp_path):
    first, second = network(0), network(1)
    interop.save_safetensors(first, tmp_path / "x.safetensors")
    assert "conv2d.weight" in safetensors.load_file(tmp_path / "x.safetensors")
    interop.load_safetensors(second, tmp_path / "x.safetensors", lambda module: module.replace(".", "/"))
    np.testing.assert_array_equal(first.predict(X), second.predict(X))


def test_kernel_behind_a_flattened_image_is_in_pytorchs_order(tmp_path):
    model = striate.Sequential([layers.Input((2, 3, 4)), layers.Flatten(), layers.Dense(1, use_bias=False)])
    kernel = np.arange(24.0).reshape(2, 3, 4)
    model.set_weights([kernel.reshape(24, 1)])
    interop.save_safetensors(model, tmp_path / "x.safetensors")
    weight = safetensors.load_file(tmp_path / "x.safetensors")["dense.weight"]
    np.testing.assert_array_equal(weight[0], kernel.transpose(2, 0, 1).ravel())
    model.set_weights([np.zeros((24, 1))])
    interop.load_safetensors(model, tmp_path / "x.safetensors")
    np.testing.assert_array_equal(model.get_weights()[0].ravel(), kernel.ravel())


def test_what_does_not_fit_changes_nothing(tmp_path):
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2)])
    before = model.get_weights()
    safetensors.save_file(
        {"0.weight": np.zeros((2, 4), "float32"), "0.bias": np.zeros(2, "float32")}, tmp_path / "x.safetensors"
    )
    with pytest.raises(ValueError, match="module '0' holds"):
        interop.load_safetensors(model, tmp_path / "x.safetensors")
    with pytest.raises(ValueError, match=r"name_map leads to \['nowhere'\], which the model lacks, and not to \['dense'\]"):
        interop.load_safetensors(model, tmp_path / "x.safetensors", {"0": "nowhere"})
    safetensors.save_file({f"{i}.weight": np.zeros((2, 3), "float32") for i in range(2)}, tmp_path / "y.safetensors")
    with pytest.raises(ValueError, match="the file has 2 modules with weights; expected 1"):
        interop.load_safetensors(model, tmp_path / "y.safetensors")
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
