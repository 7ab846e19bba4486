"""Losses and metrics of a model while batches go by."""

import numpy as np

from .objectives import metrics_with_keys


class Logs:
    """Running means of a model's losses, and the state of its metrics.

    Parameters
    ----------
    model : Trainable
        Built and compiled; its metrics are reset.
    """

    def __init__(self, model):
        self.objectives = model._objectives
        self.several = len(model._output_structure.names) > 1
        self.metrics = list(metrics_with_keys(self.objectives, self.several))
        self.totals = np.zeros(len(self.objectives))
        self.more = 0.0  # what layers and penalties add
        self.samples = 0
        for _, _, metric, _ in self.metrics:
            metric.reset_state()

    def update(self, batch, outputs):
        """Take a batch into account, and what a program wrote: predictions and the numbers that make up the loss."""
        count, size = len(self.objectives), batch.size
        predictions, losses, more = outputs[:count], outputs[count : 2 * count], outputs[2 * count :]
        self.totals += [value.item() * size for value in losses]
        self.more += size * sum(value.item() for value in more)
        self.samples += size
        if not self.metrics:
            return
        targets = batch.of(batch.targets)
        weights = batch.of(batch.weights) if batch.weights else [None] * count
        for _, i, metric, weighted in self.metrics:
            taken = [weights[i]] if weighted and weights[i] is not None else []
            metric.update_state(targets[i], predictions[i].copy(), *taken)  # it may keep them, the next run writes there

    def read(self):
        """Return the loss, the outputs' losses (not weighted) if there are several, and the metrics."""
        samples = max(self.samples, 1)
        means = [float(total) / samples for total in self.totals]
        counting = sum(mean for objective, mean in zip(self.objectives, means, strict=True) if objective.weight)
        logs = {"loss": counting + float(self.more) / samples}
        if self.several:
            for objective, mean in zip(self.objectives, means, strict=True):
                logs[f"{objective.name}_loss"] = mean / objective.scale
        return logs | {key: _number(metric.result()) for key, _, metric, _ in self.metrics}


def _number(result):
    """Return a single number as a float, others as an array that the metric no longer changes."""
    return result if isinstance(result, float) else float(array) if (array := np.array(result)).ndim == 0 else array
