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


def test_kernel_after_a_flattened_image_is_in_pytorchs_order(tmp_path):
    model = striate.Sequential([layers.Input((2, 3, 4)), layers.Flatten(), layers.Dense(1, use_bias=False)])
    kernel = np.arange(24.0).reshape(2, 3, 4)
    model.set_weights([kernel.reshape(24, 1)])
    interop.save_safetensors(model, tmp_path / "x.safetensors")
    weight = safetensors.load_file(tmp_path / "x.safetensors")["dense.weight"]
    np.testing.assert_array_equal(weight[0], kernel.transpose(2, 0, 1).ravel())
    model.set_weights([np.zeros((24, 1))])
    interop.load_safetensors(model, tmp_path / "x.safetensors")
    np.testing.assert_array_equal(model.get_weights()[0].ravel(), kernel.ravel())


def sequential(*stack):
    return striate.Sequential([layers.Input(X.shape[1:]), *stack])


def towards_sequences(*stack):
    return striate.Sequential([layers.Input((20, 3)), *stack])


def of_features():
    """Vectors in PyTorch's order are merged, joined and passed on to a model within."""
    image = striate.Input(X.shape[1:])
    x = layers.MaxPooling2D(2)(layers.Conv2D(6, 3)(image))
    x = layers.Flatten()(x) * 0.5
    joined = layers.Concatenate()([layers.Dense(5)(x), x, layers.GlobalAveragePooling2D()(image)])
    head = striate.Sequential([layers.Dropout(0.5), layers.Dense(7, activation="relu"), layers.Dense(4)])
    return striate.Model(image, head(joined))


def torch_of_features(torch):
    nn = torch.nn

    class OfFeatures(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv2d, self.dense, self.head = nn.Conv2d(3, 6, 3), nn.Linear(72, 5), nn.Sequential()
            self.sequential = nn.ModuleDict({"dense": nn.Linear(80, 7), "dense_1": nn.Linear(7, 4)})

        def forward(self, x):
            y = torch.flatten(nn.functional.max_pool2d(self.conv2d(x), 2), 1) * 0.5
            y = torch.cat([self.dense(y), y, x.mean((2, 3))], 1)
            return self.sequential["dense_1"](torch.relu(self.sequential["dense"](y)))

    return OfFeatures()


class Block(layers.Layer):
    """Layers within a layer, a `Flatten` among them."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 3)
        self.flatten = layers.Flatten()
        self.out = layers.Dense(5)

    def call(self, x):
        return self.out(self.flatten(self.conv(x)))


#: What striate and PyTorch make of the same layers.
PAIRS = {
    "sequences": (
        lambda: towards_sequences(
            layers.Conv1D(8, 3, activation="relu"), layers.MaxPooling1D(2), layers.Conv1D(6, 2, groups=2), layers.Flatten(),
            layers.Dense(4),
        ),
        lambda nn: [nn.Conv1d(3, 8, 3), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(8, 6, 2, groups=2), nn.Flatten(),
                    nn.Linear(48, 4)],
    ),
    "flat sequences": (
        lambda: towards_sequences(layers.MaxPooling1D(2), layers.Flatten(), layers.Dense(4)),
        lambda nn: [nn.MaxPool1d(2), nn.Flatten(), nn.Linear(30, 4)],
    ),
    "normalized features": (
        lambda: sequential(
            layers.Conv2D(4, 3), layers.BatchNormalization(epsilon=1e-5), layers.Flatten(),
            layers.BatchNormalization(epsilon=1e-5), layers.LayerNormalization(epsilon=1e-5), layers.PReLU(), layers.Dense(4),
        ),
        lambda nn: [nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.BatchNorm1d(192), nn.LayerNorm(192), nn.PReLU(192),
                    nn.Linear(192, 4)],
    ),
    "reshaped": (
        lambda: sequential(layers.Conv2D(4, 3), layers.Reshape((-1,)), layers.Dense(4)),
        lambda nn: [nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(192, 4)],
    ),
    "separable": (
        lambda: sequential(
            layers.SeparableConv2D(5, 3, depth_multiplier=2), layers.PReLU(shared_axes=(1, 2)),
            layers.GroupNormalization(5, epsilon=1e-5), layers.LayerNormalization(axis=(1, 2, 3), epsilon=1e-5),
            layers.Flatten(), layers.Dense(2),
        ),
        lambda nn: [nn.Conv2d(3, 6, 3, groups=3, bias=False), nn.Conv2d(6, 5, 1), nn.PReLU(5), nn.GroupNorm(5, 5),
                    nn.LayerNorm((5, 8, 6)), nn.Flatten(), nn.Linear(240, 2)],
    ),
    "block": (lambda: sequential(Block()), lambda nn: [nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(192, 5)]),
}  # fmt: skip


def scramble(torch, module):
    with torch.no_grad():
        for each in module.state_dict().values():
            if each.dtype.is_floating_point:
                each.uniform_(0.2, 1)


def random_weights(model, seed=0):
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(0.2, 1, array.shape) for array in model.get_weights()])


@pytest.mark.parametrize("kind", PAIRS)
def test_networks_compute_the_same_both_ways(kind, tmp_path):
    torch = pytest.importorskip("torch")
    make, stack = PAIRS[kind]
    ours, theirs = make(), torch.nn.Sequential(*stack(torch.nn)).eval()
    x = np.random.default_rng(0).standard_normal((3, *ours.input_shape[1:])).astype("float32")
    channels_first = torch.from_numpy(np.moveaxis(x, -1, 1).copy())
    scramble(torch, theirs)
    safetensors.save_file({name: each.numpy() for name, each in theirs.state_dict().items()}, tmp_path / "x.safetensors")
    interop.load_safetensors(ours, tmp_path / "x.safetensors")
    with torch.no_grad():
        np.testing.assert_allclose(ours.predict(x), theirs(channels_first).numpy(), rtol=1e-4, atol=1e-4)

    random_weights(ours)
    places = [name.rpartition(".")[0] for name in theirs.state_dict()]
    modules = iter(dict.fromkeys(places))
    interop.save_safetensors(ours, tmp_path / "y.safetensors", lambda place: next(modules))
    theirs.load_state_dict(
        {name: torch.from_numpy(each) for name, each in safetensors.load_file(tmp_path / "y.safetensors").items()}
    )
    with torch.no_grad():
        np.testing.assert_allclose(ours.predict(x), theirs(channels_first).numpy(), rtol=1e-4, atol=1e-4)


def test_features_are_followed_through_graphs_and_models_within(tmp_path):
    torch = pytest.importorskip("torch")
    ours, theirs = of_features(), torch_of_features(torch)
    scramble(torch, theirs)
    safetensors.save_file({name: each.numpy() for name, each in theirs.state_dict().items()}, tmp_path / "x.safetensors")
    interop.load_safetensors(ours, tmp_path / "x.safetensors")
    with torch.no_grad():
        expected = theirs(torch.from_numpy(X.transpose(0, 3, 1, 2).copy())).numpy()
    np.testing.assert_allclose(ours.predict(X), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", [*PAIRS, "of_features", "network"])
def test_files_written_are_read_by_name(kind, tmp_path):
    make = {"of_features": of_features, "network": network}.get(kind) or PAIRS[kind][0]
    first, second = make(), make()
    random_weights(first)
    interop.save_safetensors(first, tmp_path / "x.safetensors")
    interop.load_safetensors(second, tmp_path / "x.safetensors")
    np.testing.assert_equal(first.get_weights(), second.get_weights())


def test_weights_have_pytorchs_names(tmp_path):
    model = sequential(
        layers.LayerNormalization(scale=False), layers.GroupNormalization(3, center=False), layers.Normalization()
    )
    interop.save_safetensors(model, tmp_path / "x.safetensors")
    assert set(safetensors.load_file(tmp_path / "x.safetensors")) == {
        "layer_normalization.bias", "group_normalization.weight", "normalization.mean", "normalization.variance",
        "normalization.count",
    }  # fmt: skip


def test_modules_are_found_by_shapes_or_indices(tmp_path):
    def linear(value, *shape):
        return np.full(shape, value, "float32")

    model = striate.Sequential([layers.Input((3,)), *[layers.Dense(units, use_bias=False) for units in (3, 3, 2)]])
    arrays = {"z.10.weight": linear(2, 3, 3), "z.9.weight": linear(1, 3, 3), "a.weight": linear(3, 2, 3)}
    safetensors.save_file(arrays, tmp_path / "x.safetensors")
    interop.load_safetensors(model, tmp_path / "x.safetensors")
    assert [array.flat[0] for array in model.get_weights()] == [1, 2, 3]
    arrays["y.9.weight"] = arrays.pop("z.9.weight")
    safetensors.save_file(arrays, tmp_path / "x.safetensors")
    with pytest.raises(ValueError, match=r"modules \['y.9', 'z.10'\] hold weights of the same shapes.* expected name_map"):
        interop.load_safetensors(model, tmp_path / "x.safetensors")
    interop.load_safetensors(model, tmp_path / "x.safetensors", {"y.9": "dense_1", "z.10": "dense", "a": "dense_2"})
    assert [array.flat[0] for array in model.get_weights()] == [2, 1, 3]


class Hidden(layers.Layer):
    """A `Flatten` and a `Dense` in a `call` that takes no Tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.flatten, self.out = layers.Flatten(), layers.Dense(4)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 4)

    def call(self, x):
        assert x.graph is not None
        return self.out(self.flatten(x))


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        ([layers.Dense(4), layers.Flatten(), layers.Dense(2)], "layer 'dense_1' gets features whose order in PyTorch"),
        ([layers.Permute((3, 1, 2)), layers.Flatten(), layers.Dense(2)], "layer 'dense' gets features whose order"),
        ([layers.Flatten(), layers.GroupNormalization(4)], "layer 'group_normalization' gets features whose order"),
        ([Hidden()], "layer 'hidden/dense' gets features whose order"),
        (
            [layers.Flatten(), layers.Dense(24), layers.Reshape((2, 3, 4)), layers.Conv2D(2, 1)],
            r"layer 'reshape' reshapes features, whose order differs .* to samples of shape \(2, 3, 4\)",
        ),
        ([layers.PReLU()], r"layer 'p_re_lu' has alpha of shape \(10, 8, 3\)"),
        ([layers.LayerNormalization(axis=(2, 3))], "normalizes over 2 axes; PyTorch needs the last, or all 3"),
    ],
)
def test_networks_that_pytorch_would_compute_otherwise_are_refused(stack, message, tmp_path):
    model = sequential(*stack)
    with pytest.raises(ValueError, match=message):
        interop.save_safetensors(model, tmp_path / "x.safetensors")
    assert not list(tmp_path.iterdir())


def test_other_files_and_names_are_refused(tmp_path):
    model = striate.Sequential([layers.Input((3,)), layers.Dense(3), layers.Dense(3)])
    (tmp_path / "bad.safetensors").write_bytes(b"nothing that safetensors wrote")
    with pytest.raises(ValueError, match=r"bad\.safetensors' is not a safetensors file"):
        interop.load_safetensors(model, tmp_path / "bad.safetensors")
    with pytest.raises(FileNotFoundError):
        interop.load_safetensors(model, tmp_path / "none.safetensors")
    with pytest.raises(ValueError, match=r"name_map=.* gives None for layer 'dense_1'"):
        interop.save_safetensors(model, tmp_path / "x.safetensors", {"dense": "0"})
    with pytest.raises(ValueError, match=r"name_map=.* gives 'same' for layer 'dense_1'"):
        interop.save_safetensors(model, tmp_path / "x.safetensors", lambda place: "same")
    interop.save_safetensors(model, tmp_path / "x.safetensors")
    with pytest.raises(ValueError, match=r"not to \['dense_1'\], and several times to \['dense'\]"):
        interop.load_safetensors(model, tmp_path / "x.safetensors", lambda module: "dense")


def test_what_does_not_fit_changes_nothing(tmp_path):
    model = striate.Sequential([layers.Input((3,)), layers.Dense(2)])
    before = model.get_weights()
    safetensors.save_file(
        {"0.weight": np.zeros((2, 4), "float32"), "0.bias": np.zeros(2, "float32")}, tmp_path / "x.safetensors"
    )
    with pytest.raises(ValueError, match="module '0' holds"):
        interop.load_safetensors(model, tmp_path / "x.safetensors")
    with pytest.raises(ValueError, match=r"name_map maps to \['nowhere'\], which the model lacks, not to \['dense'\]"):
        interop.load_safetensors(model, tmp_path / "x.safetensors", {"0": "nowhere"})
    safetensors.save_file({f"{i}.weight": np.zeros((2, 3), "float32") for i in range(2)}, tmp_path / "y.safetensors")
    with pytest.raises(ValueError, match="the file has 2 modules with weights; expected 1"):
        interop.load_safetensors(model, tmp_path / "y.safetensors")
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise_convolutions_of_sequences_have_the_shape_of_pytorch(tmp_path, multiplier):
    x = np.random.default_rng(0).standard_normal((2, 9, 4)).astype("float32")
    model = striate.Sequential([layers.Input((9, 4)), layers.DepthwiseConv1D(3, depth_multiplier=multiplier)], rng=0)
    interop.save_safetensors(model, tmp_path / "x.safetensors")
    kernel = safetensors.load_file(tmp_path / "x.safetensors")["depthwise_conv1d.weight"]
    assert kernel.shape == (4 * multiplier, 1, 3)  # of torch.nn.Conv1d with as many groups as channels
    windows = np.lib.stride_tricks.sliding_window_view(x, 3, 1)  # (batch, windows, channels, 3)
    expected = np.einsum("nwct,cmt->nwcm", windows, kernel.reshape(4, multiplier, 3)).reshape(2, 7, -1)
    np.testing.assert_allclose(model.predict(x), expected, rtol=1e-5, atol=1e-5)
    again = striate.Sequential([layers.Input((9, 4)), layers.DepthwiseConv1D(3, depth_multiplier=multiplier)], rng=1)
    interop.load_safetensors(again, tmp_path / "x.safetensors")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
