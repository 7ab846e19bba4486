"""Every function and class in the reference has an example, which is true."""

import doctest
import importlib
import inspect
import operator
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.public_api import NEEDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference.rst"

#: Names in the reference whose examples would need what tests cannot count on.
WITHOUT = {
    "config.enable_unsafe_deserialization": "a process of its own, which it changes for good",
    "callbacks.TensorBoard": "a library that the docs do not install",
    "datasets.cifar100.load_data": "the network",
    "datasets.cifar10.load_data": "the network",
    "datasets.digit_scenes.load_data": "the network",
    "datasets.fashion_mnist.load_data": "the network",
    "datasets.street_scenes.load_data": "half a minute",
    "datasets.text_lines.load_data": "half a minute",
    "datasets.mnist.load_data": "the network",
    "faces.convert_mtcnn": "files of facenet-pytorch",
    "interop.load_keras_model": "a file that Keras wrote",
    "utils.plot_model": "the program Graphviz",
}

#: Modules of which only a part is in the reference; of the others, everything in `__all__` is.
IN_PART = ("", "backend", "engine", "preprocessing.image", "saving", "utils")

#: Modules in which not everything has an example yet.
UNFINISHED = ("visualize",)


def public_names():
    """Return the functions and classes of the modules that the reference lists, by their names in the package."""
    text = REFERENCE.read_text(encoding="utf-8")
    found = {}
    for module, names in re.findall(r"currentmodule:: striate\.?(\S*)\n.*?autosummary::(.*?)(?=\n\S|\Z)", text, re.DOTALL):
        if module in UNFINISHED:
            continue
        room = importlib.import_module(f"striate.{module}".rstrip("."))
        listed = re.findall(r"^   ([A-Za-z][\w.]*)$", names, re.MULTILINE)
        for name in [*listed, *([] if module in IN_PART else getattr(room, "__all__", []))]:
            thing = operator.attrgetter(name)(room)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found[f"{module}.{name}".lstrip(".")] = thing
    return found


NAMES = public_names()


def test_the_reference_lists_names():
    assert {"functional.conv2d", "layers.Conv2D", "losses.huber", "num_threads", "optimizers.schedules.OneCycle"} <= set(NAMES)


def test_exceptions_are_needed():
    assert [name for name in WITHOUT if "\nExamples\n---" in inspect.getdoc(NAMES[name])] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITHOUT)))
def test_an_example_is_there_and_true(name):
    text = inspect.getdoc(NAMES[name])
    assert "\nExamples\n--------\n" in text
    package = NEEDS.get(name, NEEDS.get(name.partition(".")[0]))
    if package is not None and find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    example = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    assert any(each.want for each in example.examples), "the example has no output"
    told = []
    doctest.DocTestRunner(verbose=False).run(example, out=told.append)
    assert told == []
