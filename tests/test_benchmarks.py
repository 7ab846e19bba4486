"""The logic of the benchmarks of layers and networks, without their processes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

import striate
from benchmarks import layers, process, worker
from benchmarks.arrays import Arrays
from benchmarks.checks import check_convolution
from benchmarks.libraries import Striate, StriatePredict
from benchmarks.networks import __main__ as networks
from benchmarks.networks import definitions
from benchmarks.networks import worker as networks_worker
from benchmarks.shapes import LAYERS, Convolution

SMALL = Convolution(2, 6, 4, 3, 8, stride=2, padding=1, groups=2)


def result(layer, direction="forward", threads=1, **seconds):
    """Return the result for a layer after one round, in which each library took the given seconds."""
    return layers.result_of(layer, direction, threads, {library: [{"auto": value}] for library, value in seconds.items()})


def test_shapes_of_layers_follow_from_their_geometry():
    assert SMALL.x_shape == (2, 6, 6, 4)
    assert SMALL.kernel_shape == (3, 3, 2, 8)
    assert SMALL.y_shape == (2, 3, 3, 8)
    assert SMALL.flops == 2 * 2 * 3 * 3 * 3 * 3 * 2 * 8
    assert SMALL.bytes == 4 * (2 * 6 * 6 * 4 + 3 * 3 * 2 * 8 + 2 * 3 * 3 * 8)
    assert str(SMALL) == "n2 6²·4→8 3×3 s2 g2"
    assert len({str(layer) for layer in LAYERS}) == len(LAYERS)
    assert all(layer.channels % layer.groups == layer.filters % layer.groups == 0 for layer in LAYERS)


def test_select_finds_layers_by_words_and_batch():
    assert layers.select(LAYERS) == LAYERS
    for words in ("28²·256→512", "28 256 512"):
        assert [layer.batch for layer in layers.select(LAYERS, [words])] == [1, 16]
    assert {layer.kernel for layer in layers.select(LAYERS, ["7x7", "1×1"])} == {1, 7}
    assert {layer.batch for layer in layers.select(LAYERS, ["5x5"], [16, 64])} == {16, 64}
    assert {layer.size for layer in layers.select(LAYERS, ["n1 8"])} == {8}  # Words match as a whole: "8" does not mean 28.
    assert not layers.select(LAYERS, ["9x9"])


def test_each_variant_has_its_median_over_rounds():
    rounds = [{"a": 1.0, "b": 5.0}, {"a": 9.0, "b": 4.0}, {"a": 2.0, "b": 6.0}]
    assert layers.variants(rounds) == {"a": 2.0, "b": 5.0}


def test_ratio_compares_with_the_best_peer():
    assert layers.ratio({"striate": 2.0, "torch": 5.0, "openvino": 3.0}) == 1.5
    assert layers.ratio({"striate": 2.0}) is None
    assert layers.ratio({"torch": 2.0}) is None


def test_mean_ratios_are_geometric_means():
    same, strided = Convolution(1, 32, 64, 3, 64, padding=1), Convolution(1, 32, 64, 3, 64, 2, 1)
    results = [
        result(same, striate=1.0, torch=4.0),
        result(strided, striate=1.0, torch=1.0),
        result(same, threads=2, striate=1.0, torch=3.0),
        result(same, "backward_input", striate=1.0),
    ]
    assert [(*key, pytest.approx(mean)) for *key, mean in layers.mean_ratios(results)] == [
        ("forward", 1, "3×3 s1", 1, 4.0),
        ("forward", 1, "all", 2, 2.0),
        ("forward", 2, "3×3 s1", 1, 3.0),
        ("forward", 2, "all", 1, 3.0),
    ]


def test_speedups_are_computed_from_large_layers_and_common_libraries():
    large, small = Convolution(1, 32, 64, 3, 64, padding=1), Convolution(1, 8, 8, 3, 8)
    results = [
        result(large, striate=3.0, torch=2.0),
        result(large, threads=2, striate=2.0),
        result(small, striate=3.0),
        result(small, threads=2, striate=2.0),
        result(large, "backward_input", striate=2.0),
    ]
    assert list(layers.speedups(results)) == [(str(large), "forward", 1, 2, {"striate": 1.5})]


def test_slow_choices_of_auto_are_found():
    slow, fine = result(SMALL, striate=1.5), result(SMALL, striate=1.05)
    for row in (slow, fine):
        row["variants"]["striate"] |= {"direct": 1.0, "im2col": 2.0}
    assert list(layers.slow_choices([slow, fine, result(SMALL, torch=1.0)])) == [(slow, "direct", 1.5)]


def test_table_lines_up():
    libraries, algorithms = ["striate", "torch"], ["direct"]
    lines = [layers.heading(libraries, algorithms)]
    lines += [layers.line(result(layer, striate=1.0), libraries, algorithms) for layer in LAYERS]
    assert len({len(text) for text in lines}) == 1


def test_bursts_last_for_the_given_seconds_and_calls():
    durations = [3.0, 1.0, 2.0, 4.0, 0.5]

    def timed(seconds, calls):
        now, called = 0.0, iter(durations)

        def function():
            nonlocal now
            now += next(called)

        return list(worker.call_times(function, seconds, calls, lambda: now))

    assert timed(0.1, 3) == durations[:3]
    assert timed(6.5, 1) == durations[:4]


def test_best_call_is_the_fastest_of_a_burst(monkeypatch):
    monkeypatch.setattr(worker, "call_times", lambda function, seconds, calls: [3.0 * seconds, 1.0, calls])
    assert worker.best_call(None, 2.0, 5) == 1


def test_bursts_of_networks_have_the_best_call_the_median_and_the_95th_percentile():
    times = np.random.default_rng(0).permutation(np.arange(1.0, 102))  # 1 to 101
    assert networks_worker.summary(times) == {"best": 1, "median": 51, "p95": 96}
    assert networks_worker.summary([2.0, 1.0]) == {"best": 1, "median": 1.5, "p95": pytest.approx(1.95)}


def test_child_environment_leaves_out_openblas_settings(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "1")
    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)
    plain, limited = process.child_environment(), process.child_environment("v3")
    assert not {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "ONEDNN_MAX_CPU_ISA"} & plain.keys()
    assert (limited["STRIATE_ISA"], limited["ONEDNN_MAX_CPU_ISA"]) == ("v3", "AVX2")


def test_measure_alternates_and_drops_libraries_that_fail():
    requests, failures = [], []

    def fake(library, answer):
        def burst(layer, direction, algorithms):
            requests.append((library, direction))
            return answer

        return SimpleNamespace(burst=burst, forget=lambda: requests.append((library, "forget")))

    workers = {
        ("striate", 1): fake("striate", {"auto": 2.0, "direct": 1.0}),
        ("torch", 1): fake("torch", {"contiguous": 3.0, "channels_last": 4.0}),
        ("onnxruntime", 1): fake("onnxruntime", {"error": "no"}),
        ("striate", 2): fake("other threads", {}),
    }
    arguments = SimpleNamespace(threads=[1], passes=["forward", "backward_input"], rounds=2, algorithms=True)
    found = list(layers.measure([SMALL], workers, arguments, lambda *failure: failures.append(failure)))
    assert [one["seconds"] for one in found] == [{"striate": 2.0, "torch": 3.0}] * 2
    assert [one["ratio"] for one in found] == [1.5, 1.5]
    assert failures == [("onnxruntime", 1, "forward", SMALL, "no")]
    alternating = [("striate", "backward_input"), ("torch", "backward_input")]
    assert requests[-6:] == [*alternating, *alternating, ("striate", "forget"), ("torch", "forget")]
    assert [library for library, direction in requests if direction == "forward"] == [
        "striate",
        "torch",
        "onnxruntime",
        "striate",
        "torch",
    ]


@pytest.mark.parametrize("direction", layers.PASSES)
@pytest.mark.parametrize("shape", [SMALL, Convolution(1, 5, 3, 5, 4, padding=2), Convolution(1, 7, 2, 1, 3, 2)], ids=str)
def test_the_check_accepts_right_results_and_refuses_wrong_ones(shape, direction):
    arrays = Arrays(shape)
    bias = arrays.bias if direction == "forward" else None
    with striate.num_threads(1):
        functions = Striate(1).layer(direction, shape, arrays, layers.ALGORITHMS)
        results = [function() for function in functions.values()]
    assert functions.keys() >= {"auto", "direct", "im2col"}
    for got in results:
        check_convolution(direction, got, arrays, shape, bias)
        with pytest.raises(AssertionError, match="expected"):
            check_convolution(direction, got + np.float32(0.1), arrays, shape, bias)


def parameters(network):
    """Return the number of trainable parameters of a network of the benchmarks."""
    total = 0
    for step in network.steps:
        a = step.arguments
        if step.kind == "conv":
            total += (a["size"] ** 2 * a["channels"] // a["groups"] + a["bias"]) * a["filters"]
        elif step.kind == "conv_transpose":
            total += (a["size"] ** 2 * a["channels"] + 1) * a["filters"]
        elif step.kind == "dense":
            total += (a["features"] + 1) * a["units"]
        elif step.kind == "batch_norm":
            total += 2 * a["channels"]
    return total


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LeNet-5", 61_706),
        ("AlexNet", 62_378_344),
        ("VGG-16", 138_357_544),
        ("GoogLeNet", 6_998_552),
        ("ResNet-18", 11_689_512),
        ("ResNet-50", 25_557_032),
        ("MobileNetV2", 3_504_872),
        ("MobileNetV3-Small", 2_542_856),
        ("EfficientNet-B0", 5_288_548),
        ("U-Net", 31_030_658),
    ],
)
def test_networks_have_the_published_number_of_parameters(name, expected):
    assert parameters(definitions.NETWORKS[name][0]()) == expected


def test_networks_compute_the_same_as_models_of_layers():
    network = definitions.lenet()
    x = np.random.default_rng(0).standard_normal((3, 28, 28, 1), np.float32)
    model = Striate.model(network)
    assert model.count_params() == parameters(network)
    for library in (Striate(1), StriatePredict(1)):
        np.testing.assert_allclose(library.predict(network, x)(), model.predict(x), rtol=1e-5)
    train, predict = Striate(1).trainer(network)
    np.testing.assert_allclose(predict(x), model.predict(x), rtol=1e-5)
    assert train(x, np.array([1, 2, 3])) > train(x, np.array([1, 2, 3]))


def test_ratio_of_networks_compares_within_rounds():
    own, other, third = (
        {"best": best, "median": [10.0, 10.0, 10.0]} for best in ([1.0, 2.0, 4.0], [3.0, 6.0, 12.0], [9.0, 4.0, 16.0])
    )
    method = {"best": [0.5, 0.5, 0.5], "median": [1.0, 1.0, 1.0]}  # striate's own, which is compared with nothing
    assert networks.ratio({"striate": own, "Model.predict": method}) is None
    assert networks.ratio({"striate": own, "Model.predict": method, "torch": other}) == 3
    assert networks.ratio({"striate": own, "torch": other}, "median") == 1
    assert networks.ratio({"torch": other, "striate": own}) == 3
    assert networks.ratio({"striate": own, "torch": other, "openvino": third}) == 3  # of 3, 2 and 3


@pytest.mark.parametrize("row", [("LeNet-5", "predict", 1), ("LeNet-5", "train", 64)])
def test_networks_with_different_results_are_an_error(row):
    networks.check({"striate": {"result": [0.25, 0.75]}, "torch": {"result": [0.2505, 0.7495]}}, row)
    for wrong in ([0.26, 0.74], [0.25, float("nan")]):
        with pytest.raises(AssertionError, match="torch and striate differ by"):
            networks.check({"striate": {"result": [0.25, 0.75]}, "torch": {"result": wrong}}, row)


@pytest.mark.parametrize("mode", ["int8", "bfloat16"])
def test_different_results_of_low_precision_are_told(mode):
    results = {"striate": {"result": [0.2, 0.8]}, "openvino": {"result": [0.21, 0.79]}, "torch": {"result": [0.6, 0.4]}}
    differences = networks.check(results, ("LeNet-5", mode, 1))
    assert differences == {"torch": pytest.approx(0.5)}
    assert networks.told(differences) == "torch and striate differ by 0.5"


@pytest.mark.parametrize(("result", "status"), [([0.2, 0.8], None), ([0.6, 0.4], 1)])
def test_the_table_of_networks_goes_on_after_a_difference_and_ends_with_status_1(monkeypatch, capsys, tmp_path, result, status):
    class Fake:
        def __init__(self, python, module, library, *arguments, isa=None):
            self.result = result if library == "openvino" else [0.2, 0.8]
            self.seconds = {"striate": 1.0, "openvino": 2.0, "onnxruntime": 3.0}[library]

        def answer(self):
            return {"first": 0.5, "result": self.result}

        def ask(self, request):
            return {"best": self.seconds, "median": 10 * self.seconds, "p95": 20 * self.seconds, "memory": 2**20}

        def close(self):
            pass

    file = tmp_path / "results.json"
    monkeypatch.setattr(networks, "Process", Fake)
    monkeypatch.setattr(networks, "PAUSE", 0)
    command = f"networks --networks LeNet-5 --modes int8 --threads 1 --rounds 2 --json {file}"
    monkeypatch.setattr("sys.argv", command.split())
    if status is None:
        networks.main()
    else:
        with pytest.raises(SystemExit, match="Results differ"):  # Python prints this and ends with status 1.
            networks.main()
    title, *lines = capsys.readouterr().out.splitlines()
    assert [text.endswith("openvino and striate differ by 0.5") for text in lines] == [status == 1] * 2
    best, calls = "1000.000 - 3000.000 2000.000 2.00", "10000.000 20000.000 20000.000 40000.000 2.00"
    cells = f"LeNet-5 int8 1 1 {best} {calls} 500.000 1 -"
    assert " ".join(lines[0][: len(title)].split()) == cells  # Cells end where the titles of their columns do.
    first, _ = json.loads(file.read_text())
    assert first["differences"] == ({} if status is None else {"openvino": 0.5})
    bursts = {"best": [1, 1], "median": [10, 10], "p95": [20, 20], "memory": [2**20, 2**20]}
    assert first["results"]["striate"] == {"first": 0.5, **bursts}


def test_different_small_probabilities_are_an_error():
    row = ("ResNet-18", "predict", 1)
    with pytest.raises(AssertionError, match="torch and striate differ by"):
        networks.check({"striate": {"result": [0.005, 0.004]}, "torch": {"result": [0.0045, 0.004]}}, row)


@pytest.mark.parametrize("name", ["ResNet-18", "ResNet-50", "MobileNetV2", "MobileNetV3-Small", "EfficientNet-B0"])
def test_compared_probabilities_are_neither_all_0_or_1_nor_all_equal(name):
    network = definitions.NETWORKS[name][0]()
    x = np.random.default_rng(0).standard_normal((1, *network.shape), np.float32)
    probabilities = np.sort(Striate.model(network).predict(x)[0])
    assert probabilities[-1] < 0.5
    assert probabilities[-1] > 2 * probabilities[0] > 1e-15
