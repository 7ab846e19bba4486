"""The benchmark of tracking: its data, and how videos become one."""

import numpy as np
import pytest

from benchmarks.tracking import definitions
from striate.datasets import load_digits, mnist
from striate.tracking import Tracks

pytest.importorskip("scipy")


def test_the_truth_is_what_is_seen(monkeypatch):
    monkeypatch.setattr(mnist, "load_data", lambda: (load_digits(), load_digits()))
    monkeypatch.setattr(definitions, "TASK", definitions.TASK._replace(train=8))
    data = definitions.train_data()
    assert (len(data), data.classes, data.images.shape[1:]) == (8, ("digit",), definitions.TASK.shape[:2])
    videos, truth, ignored = definitions.videos(1)
    assert videos.shape == (definitions.VIDEOS, definitions.LENGTH, *definitions.TASK.shape)
    assert len(truth) == len(ignored) == definitions.VIDEOS * definitions.LENGTH
    assert sum(map(len, truth)) > 2 * sum(map(len, ignored)) > 0


def test_videos_become_one_with_different_identities():
    frame = Tracks([[0, 0, 1, 1]], [0], [1.0], [3])
    joined = definitions.joined([frame] * (2 * definitions.LENGTH))
    ids = np.concatenate([each.ids for each in joined])
    assert len(set(ids[: definitions.LENGTH])) == 1
    assert len(set(ids)) == 2
