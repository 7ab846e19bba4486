"""Losses and metrics of a model over the batches of an epoch."""

import numpy as np

from .objectives import metrics_with_keys


class Logs:
    """Running means of a model's losses, and the state of its metrics.

    Parameters
    ----------
    model : Trainable
        The model, built and compiled; its metrics are reset.
    """

    def __init__(self, model):
        self.objectives = model._objectives
        self.several = len(model._output_structure.names) > 1
        self.metrics = list(metrics_with_keys(self.objectives, self.several))
        self.totals = np.zeros(len(self.objectives))
        self.more = 0.0  # sum of the losses that layers and penalties add
        self.samples = 0
        for _, _, metric, _ in self.metrics:
            metric.reset_state()

    def update(self, batch, outputs):
        """Update the means and metrics with a batch and a program's outputs: predictions, and the parts of the loss."""
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
            # A metric may keep its predictions, and the next run of the program overwrites these.
            metric.update_state(targets[i], predictions[i].copy(), *taken)

    def read(self):
        """Return the loss, the unweighted losses of the outputs if there are several, and the metrics."""
        samples = max(self.samples, 1)
        means = [float(total) / samples for total in self.totals]
        counting = sum(mean for objective, mean in zip(self.objectives, means, strict=True) if objective.weight)
        logs = {"loss": counting + float(self.more) / samples}
        if len(self.objectives) > 1:
            for objective, mean in zip(self.objectives, means, strict=True):
                logs[f"{objective.name}_loss"] = mean / objective.scale
        return logs | {key: _number(metric.result()) for key, _, metric, _ in self.metrics}


def _number(result):
    """Return a scalar as a float, and anything else as a copy, which the metric cannot change."""
    return result if isinstance(result, float) else float(array) if (array := np.array(result)).ndim == 0 else array
