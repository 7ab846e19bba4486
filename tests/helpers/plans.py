"""Plans of models, as training makes them."""

import numpy as np

from striate.engine import Plan
from striate.models.graphs import training_step


def training_plan(model, batch=2, targets=((), np.int64)):
    """Return the plan of a training step; `targets` are the shape and dtype of those of a sample."""
    model._take_note_of_trainable()
    return Plan(*training_step(model, batch, model._samples, [targets], []))
