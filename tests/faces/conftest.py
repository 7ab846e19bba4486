"""facenet-pytorch, where it is installed, and its networks with random weights."""

import pytest


@pytest.fixture
def facenet():
    """Return facenet-pytorch."""
    pytest.importorskip("torch")
    return pytest.importorskip("facenet_pytorch")
