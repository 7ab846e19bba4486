"""Losses and metrics of a model over the batches of an epoch."""

import numpy as np

from .objectives import metrics_with_keys, of_outputs


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
        self.losses = [objective for objective in self.objectives if objective.loss is not None]
        self.totals = np.zeros(len(self.losses))
        self.more = 0.0  # sum of the losses that layers and penalties add
        self.samples = 0
        self.tracker = model._loss_tracker
        for _, _, metric, _ in self.metrics:
            metric.reset_state()

    def update(self, batch, outputs):
        """Update the means and metrics with a batch and a program's outputs: predictions, and the parts of the loss."""
        count, size = sum(len(objective.outputs) for objective in self.objectives), batch.size
        losses, more = outputs[count : count + len(self.losses)], outputs[count + len(self.losses) :]
        self.totals += [value.item() * size for value in losses]
        self.more += size * sum(value.item() for value in more)
        self.samples += size
        if not self.metrics:
            return
        targets, predictions = (of_outputs(self.objectives, each) for each in (batch.of(batch.targets), outputs[:count]))
        weights = batch.of(batch.weights) if batch.weights else [None] * len(self.objectives)
        for _, i, metric, weighted in self.metrics:
            taken = [weights[i]] if weighted and weights[i] is not None else []
            # A metric may keep its predictions, and the next run of the program overwrites these.
            metric.update_state(targets[i][0], predictions[i][0].copy(), *taken)

    def read(self):
        """Return the loss, the unweighted losses of the outputs if there are several, and the metrics."""
        samples = max(self.samples, 1)
        means = [float(total) / samples for total in self.totals]
        counting = sum(mean for objective, mean in zip(self.losses, means, strict=True) if objective.weight)
        logs = {"loss": counting + float(self.more) / samples}
        self.tracker.reset_state()
        self.tracker.update_state(logs["loss"], samples)
        if len(self.losses) > 1:
            for objective, mean in zip(self.losses, means, strict=True):
                logs[f"{objective.key}_loss"] = mean / objective.scale
        return logs | {key: _number(metric.result()) for key, _, metric, _ in self.metrics}


def _number(result):
    """Return a scalar as a float, and anything else as a copy, which the metric cannot change."""
    return result if isinstance(result, float) else float(array) if (array := np.array(result)).ndim == 0 else array
