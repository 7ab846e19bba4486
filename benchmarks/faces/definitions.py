"""What is learned, by which network, and how it is judged."""

import numpy as np

from striate.datasets import drawn_faces
from striate.faces import align, embedding_network, pairs
from striate.metrics import roc_curve

#: Size of the images that are drawn, and of the faces that are cut out of them.
DRAWN, SIZE = 64, 48

#: Identities to learn from, others to be judged by, and images of each.
LEARNED, VERIFIED, IMAGES = 200, 100, 10

#: Size of an embedding, and filters of the network's stages.
FEATURES, FILTERS = 64, (16, 32, 64)

#: Margin of the triplet loss with semi-hard negatives; largest learning rate of a cycle, images per step, and epochs.
MARGIN, RATE, BATCH, EPOCHS = 0.3, 4e-3, 64, 20


def data():
    """Return aligned faces and their identities, to learn from and to be judged by."""
    found = []
    for seed, identities in enumerate((LEARNED, VERIFIED)):
        x, y, landmarks = drawn_faces.generate(identities, IMAGES, DRAWN, seed=seed)
        found.append((np.stack([align(*each, SIZE) for each in zip(x, landmarks, strict=True)]).astype(np.float32), y))
    return found


def network(seed=0):
    """Return the network with new weights."""
    return embedding_network((SIZE, SIZE, 3), FEATURES, FILTERS, rng=seed)


def judged(embeddings, labels):
    """Return how well embeddings tell identities apart."""
    curve = roc_curve(*pairs(embeddings, labels))
    return {"auc": round(curve.auc, 5), "equal error rate": round(curve.equal_error_rate, 5)}


def weights_by_layer(model):
    """Return the weights of the layers of a network that have some, as arrays by the layers' names."""
    layers = [*model.get_layer("backbone").layers, *model.layers]
    return {layer.name: [weight.numpy() for weight in layer.weights] for layer in layers if layer.name != "backbone"}
