"""The learning rates of a model's optimizer, which may consist of several ones."""


def rates_for_logs(optimizer):
    """Return the learning rates of an optimizer by the keys that Keras' logs have for them.

    That of a single one is "learning_rate"; those of several have the names of these appended.
    """
    if optimizer.optimizers == [optimizer]:
        return {"learning_rate": float(optimizer.learning_rate)}
    rates = {}
    for each in optimizer.optimizers:
        key = f"learning_rate_{each.name}"
        same = sum(known == key or known.startswith(f"{key}_") for known in rates)
        rates[f"{key}_{same}" if same else key] = float(each.learning_rate)
    return rates
