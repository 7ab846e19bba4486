"""The weights of MTCNN from files like those of facenet-pytorch."""

import zipfile

import numpy as np
import pytest

from striate.cli import main
from striate.faces import MTCNN, convert_mtcnn
from striate.faces.networks import SIZES
from tests.helpers.facenet import weights, write_facenet
from tests.helpers.state_dicts import state_dict


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the files of three networks."""
    write_facenet(tmp_path)
    return tmp_path


def test_weights_are_those_of_pytorch(folder):
    detector = convert_mtcnn(folder, folder / "weights.npz")
    again = MTCNN(folder / "weights.npz")
    rng = np.random.default_rng(0)
    for name in SIZES:
        given, network = weights(name), detector.model.get_layer(name)
        for layer in network.layers:
            for weight, other in zip(layer.weights, again.model.get_layer(name).get_layer(layer.name).weights, strict=True):
                np.testing.assert_array_equal(weight.numpy(), other.numpy())
        x = rng.random((5, 4, 3))  # a window of the first convolution is the sum of its products
        kernel = network.get_layer("conv1").kernel.numpy()
        want = np.einsum("fcij,ijc->f", given["conv1.weight"], x[:3, :3])
        np.testing.assert_allclose(np.einsum("ijcf,ijc->f", kernel, x[:3, :3]), want, rtol=1e-6)
        np.testing.assert_array_equal(network.get_layer("prelu2").alpha.numpy(), [[given["prelu2.weight"]]])
        if name == "pnet":
            np.testing.assert_array_equal(network.get_layer("boxes").bias.numpy(), given["conv4_2.bias"])
            continue
        dense = {"rnet": "dense4", "onet": "dense5"}[name]
        x = rng.random(network.get_layer("flatten").input_shape[1:])  # PyTorch flattens columns, each from top to bottom
        want = given[f"{dense}.weight"] @ x.transpose(1, 0, 2).ravel()
        np.testing.assert_allclose(x.ravel() @ network.get_layer("dense").kernel.numpy(), want, rtol=1e-5)


def test_the_command_reads_a_wheel(folder, capsys):
    with zipfile.ZipFile(folder / "facenet.whl", "w") as wheel:
        for name in SIZES:
            wheel.write(folder / f"{name}.pt", f"facenet_pytorch/data/{name}.pt")
    out = folder / "weights.npz"
    assert main(["convert", "mtcnn", str(folder / "facenet.whl"), str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 495,850 weights of mtcnn\n"
    want = convert_mtcnn(folder, folder / "others.npz").model.get_weights()
    for got, expected in zip(MTCNN(out).model.get_weights(), want, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_other_files_are_refused(folder, capsys):
    out = folder / "weights.npz"
    (folder / "some.whl").write_bytes(b"no wheel")
    with pytest.raises(ValueError, match="is not the wheel of facenet-pytorch"):
        convert_mtcnn(folder / "some.whl", out)
    content = state_dict(weights("rnet"))
    for wrong in (b"no state dict", state_dict(weights("pnet")), content[: len(content) // 2]):
        (folder / "rnet.pt").write_bytes(wrong)
        with pytest.raises(ValueError, match=r"rnet\.pt' is not a state dict of facenet-pytorch's MTCNN, or is damaged"):
            convert_mtcnn(folder, out)
    (folder / "rnet.pt").unlink()
    assert main(["convert", "mtcnn", str(folder), str(out)]) == 1
    assert "rnet.pt" in capsys.readouterr().err
    assert not out.exists()
