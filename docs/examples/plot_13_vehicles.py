"""
13. Vehicles
============

Cars, buses, lorries, motorcycles and bicycles: the same kind of vehicle never
looks the same twice. Size, pose, colour, light and surroundings change, and
none of that matters for the answer. This page trains a network to look past
it.
"""

# %%
# Drawn, not photographed
# -----------------------
#
# striate comes without photographs of vehicles, so we use *synthetic* images:
# ``striate.datasets.vehicles`` draws them from a seed. They are no substitute
# for photographs, but they show the problem, there are as many of them as we
# like, and we know all about them. Each row below is a class.

import matplotlib.pyplot as plt
import numpy as np

from striate import Sequential, layers, visualize
from striate.datasets import vehicles
from striate.optimizers import Adam
from striate.optimizers.schedules import OneCycle

(x, y), (x_test, y_test) = vehicles.load_data()
names = list(vehicles.CLASSES)
print("to learn from:", x.shape, "to test on:", x_test.shape)
print({name: int(np.sum(y == i)) for i, name in enumerate(names)})

examples = np.stack([np.flatnonzero(y == i)[:4] for i in range(5)]).ravel()
labels = [names[i] for i in y[examples]]
visualize.plot_images(x[examples], labels, columns=4, size=1.4)

# %%
# Why colour and pixels do not help
# ---------------------------------
#
# The mean image of each class shows what all of its images have in common at
# each place. Here it is nearly nothing: no pixel tells which vehicle it is.

means = np.stack([x[y == i].mean(0) for i in range(5)]) / 255
visualize.plot_images(means, names, columns=3, size=1.4)

x, x_test = x / np.float32(255), x_test / np.float32(255)
flat, flat_test = x.reshape(len(x), -1), x_test.reshape(len(x_test), -1)


def train(network, epochs):
    """Return a trained model, and the history of its training."""
    last = layers.Dense(5, activation="softmax")
    model = Sequential([layers.Input(x.shape[1:]), *network, last], rng=0)
    rate = OneCycle(5e-3, epochs * -(-len(x) // 32))
    loss = "sparse_categorical_crossentropy"
    model.compile(Adam(rate), loss, metrics=["accuracy"])
    settings = {"validation_data": (x_test, y_test), "verbose": 0}
    return model, model.fit(x, y, epochs=epochs, **settings)


distances = np.sum(flat**2, 1) - 2 * flat_test @ flat.T
nearest = y[distances.argmin(1)]
print(f"nearest image: {np.mean(nearest == y_test):.1%} right")
dense = [
    layers.Flatten(),
    layers.Dense(64),
    layers.BatchNormalization(momentum=0.9),
    layers.ReLU(),
]
_, history = train(dense, epochs=12)
last = {name: values[-1] for name, values in history.history.items()}
print(
    f"dense network: {last['val_accuracy']:.1%} right, "
    f"{last['accuracy']:.1%} on the images that it has learned from"
)

# %%
# Guessing would be right for 20 % of the images. Choosing the class of the
# training image that is nearest, pixel by pixel, is hardly better. A dense
# network learns its training images by heart, which does not help it with
# others.
#
# A network that looks for parts
# ------------------------------
#
# Wheels, windows and lamps are what vehicles are made of. Four stages of
# convolutions find such parts, anywhere. Batch normalization, between
# convolution and ReLU, keeps the values of each layer in the same range,
# whether an image is dark or bright, and lets the network learn in few epochs.
# Global average pooling, at the end, asks how much of each part there is.

network = []
for i, filters in enumerate((12, 24, 48, 64), 1):
    network += [
        layers.Conv2D(
            filters, 3, padding="same", use_bias=False, name=f"conv{i}"
        ),
        layers.BatchNormalization(momentum=0.9, name=f"norm{i}"),
        layers.ReLU(name=f"relu{i}"),
        layers.MaxPooling2D(name=f"pool{i}"),
    ]
network.append(layers.GlobalAveragePooling2D(name="mean"))

model, history = train(network, epochs=12)
print(f"{model.count_params():,} parameters")
print(f"CNN: {history.history['val_accuracy'][-1]:.1%} right")
visualize.plot_history(history)

# %%
# What it confuses
# ----------------
#
# Right answers are on the diagonal of the *confusion matrix*.

probabilities = model.predict(x_test)
visualize.plot_confusion_matrix(y_test, probabilities, names)

# %%
# Errors are mostly between vehicles that share their parts: two thin wheels,
# or a large box with windows. The images of which the network was wrongly
# convinced show what makes it hard: darkness, a vehicle that is cut off, or
# things in front of it.

visualize.plot_wrong_examples(
    x_test, y_test, probabilities, names, most=8, columns=4, size=1.5
)

# %%
# Is light a problem?
# -------------------
#
# We sort the test images by their brightness, and see how well the network
# does in each third. In the same way one could ask about size, or clutter: to
# know where a network fails, test it on each condition separately.

right = probabilities.argmax(1) == y_test
order = x_test.mean((1, 2, 3)).argsort()
parts = np.array_split(order, 3)
_, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
for name, part in zip(("dark", "medium", "bright"), parts):
    print(f"{name:6} {right[part].mean():.1%} right")
    ax.bar(name, right[part].mean(), 0.6)
ax.set(ylim=(0, 1), ylabel="accuracy")

# %%
# What to try next
# ----------------
#
# ``vehicles.generate(10000, seed=2)`` draws more images: how many of the
# remaining errors vanish? What happens if you train on the bright half of the
# images, and test on the dark one? And draw them with ``size=96``: is it
# easier then?
#
# The next page returns to photographs, of clothes.
