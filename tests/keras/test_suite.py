"""The suite that runs Keras' own tests: what names stand for, on a small package in Keras' place; and the page of results."""

import sys

import pytest

from tests.keras.suite import exclusions, table, transposed
from tests.keras.suite.source import Foreign, Source

FILES = {
    "__init__.py": "",
    "src/__init__.py": "",
    "src/version.py": '__version__ = "3.99.0"\n',
    "src/api_export.py": "def keras_export(path):\n    return lambda thing: thing\n",
    "src/layers/__init__.py": (
        "import numpy as np\nfrom keras.src.layers.core import *\nfrom keras.src.ops import numpy as knp\n"
    ),
    "src/layers/core.py": (
        "@keras_export(['keras.layers.Dense', 'keras.Dense'])\nclass Dense:\n    pass\n\n"
        "@keras_export('keras.layers.Dreamed')\nclass Dreamed:\n    pass\n\n"
        "class Base:\n    pass\n"
    ),
    "src/ops/__init__.py": "",
    "src/ops/numpy.py": (
        "class Add:\n    def call(self, x1, x2):\n        pass\n\n"
        "class Sum:\n    def __init__(self, axis=None, keepdims=False):\n        pass\n\n"
        "    def call(self, x):\n        pass\n\n"
        "@keras_export('keras.ops.add')\ndef add(x1, x2):\n    return Add().symbolic_call(x1, x2)\n\n"
        "@keras_export('keras.ops.sum')\ndef sum(x, axis=None, keepdims=False):\n    return Sum(axis=axis).symbolic_call(x)\n"
    ),
}


@pytest.fixture
def package(tmp_path):
    """Return the folder of a package with a few names of Keras."""
    for name, text in FILES.items():
        path = tmp_path / "keras" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "keras"


def test_sources_tell_what_names_stand_for(package):
    source = Source(package.parent)
    assert source.version == "3.99.0"
    found = source.find("keras.src.layers", "Dense")
    assert (found.module, found.name, found.exports) == (
        "keras.src.layers.core",
        "Dense",
        ("keras.layers.Dense", "keras.Dense"),
    )
    assert source.find("keras.src.layers", "np") == Foreign("numpy", None)
    assert source.find("keras.src.layers", "knp") == Foreign("keras.src.ops.numpy", None)
    assert source.find("keras.src.layers", "absent") is None
    with pytest.raises(ValueError, match="has no sources of Keras"):
        Source(package / "src")


def test_names_are_those_of_striate(package):
    pytest.importorskip("absl")
    import striate
    from tests.keras.suite.finder import Finder
    from tests.keras.suite.missing import MissingName

    before = "keras.src.layers" in sys.modules  # Other tests may have imported Keras itself.
    finder = Finder(package)
    assert finder.value("keras.src.layers", "Dense") is striate.layers.Dense
    dreamed, base = finder.value("keras.src.layers", "Dreamed"), finder.value("keras.src.layers", "Base")
    with pytest.raises(MissingName, match=r"keras\.layers\.Dreamed"):
        dreamed(1)
    with pytest.raises(pytest.skip.Exception, match=r"internals: keras\.src\.layers\.core\.Base"):
        base()
    assert not isinstance(1, dreamed)
    with pytest.raises(AttributeError, match="has no attribute 'absent'"):
        finder.value("keras.src.layers", "absent")
    assert finder.value("keras.src.ops.numpy", "Add")()([1, 2], [3, 4]).tolist() == [4, 6]
    assert finder.value("keras.src.ops.numpy", "Sum")(axis=1)([[1, 2], [3, 4]]).tolist() == [3, 7]
    assert ("keras.src.layers" in sys.modules) == before


def test_sizes_of_transposed_convolutions_are_those_of_striate():
    from striate import layers

    for padding in ("valid", "same"):
        for strides, kernel, extra in ((1, 3, None), (2, 3, None), (3, 2, None), (3, 4, 1), (2, 3, 0)):
            layer = layers.Conv1DTranspose(5, kernel, strides, padding, output_padding=extra)
            shape = transposed.output_shape((2, 7, 4), (kernel,), 5, strides, padding, extra)
            assert tuple(shape) == layer.compute_output_shape((2, 7, 4))
            ((before, after),) = transposed.paddings((2, 7, 4), (kernel, 5, 4), strides, padding, extra, 1)
            assert shape[1] == (7 - 1) * strides + 1 + before + after - kernel + 1


def test_patterns_tell_kinds():
    assert exclusions.kind_of("layers/core/dense_test.py::DenseTest::test_quantize_int8") == "quantizers"
    assert exclusions.kind_of("layers/core/dense_test.py::DenseTest::test_dense_basics") is None
    assert exclusions.kind_of("layers/core/dense_test.py::DenseTest::test_enable_lora") is None
    assert set(exclusions.PATTERNS.values()) | set(exclusions.ERRORS.values()) <= set(exclusions.REASONS)


def test_errors_tell_kinds():
    assert exclusions.kind_of_error("'Add' object has no attribute 'compute_mask'") == "masking"
    assert exclusions.kind_of_error("layer 'add': mask=[1, 1] is not supported; expected None") == "masking"
    assert exclusions.kind_of_error("keras.layers.Masking") == "masking"
    assert exclusions.kind_of_error("keras.layers.MaskingWithWords") is None
    assert exclusions.kind_of_error("'EinsumDense' object has no attribute '_kernel'") == "internals"
    assert exclusions.kind_of_error("'Dense' object has no attribute '_kernels'") is None
    assert exclusions.kind_of_error("'Dense' object has no attribute '_own_weights'") is None
    assert exclusions.kind_of_error("'Dense' object has no attribute '__len__'") is None
    assert exclusions.kind_of_error("Dense: dtype='bfloat16' is not supported; expected 'float32' or 'float64'") is None


def test_the_page_counts_and_explains(tmp_path):
    rows = {
        "a_test.py::A::test_one": {"outcome": "passed", "reason": "", "words": [["bad", "ill"]]},
        "a_test.py::A::test_two0": {"outcome": "failed", "reason": "ValueError: no\nmore"},
        "a_test.py::A::test_two1": {"outcome": "failed", "reason": "ValueError: no\nother"},
        "a_test.py::A::test_three": {"outcome": "skipped", "reason": "masking: excluded"},
        "b_test.py::B::test_one": {"outcome": "passed", "reason": "", "words": []},
    }
    files = table.summary(rows)
    assert files["a_test.py"]["failed"] == {"ValueError: no": ["A::test_two0", "A::test_two1"]}
    page = table.page("3.99.0", files)
    assert "2 of 4 that apply pass, 50.0 %" in page
    assert "those of Keras 3.99.0. 1 of these tests expect an error" in page
    assert "   * - ``a_test.py``\n     - 1\n     - 3\n" in page
    assert "   * - ``test_two`` (2)\n     - ``ValueError: no``\n" in page
    assert "   * - 1\n     - masks that layers pass on\n     - masking\n" in page
