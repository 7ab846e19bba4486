"""Mistakes that type checkers must report: each line that has one ends with a comment that says which."""

# ruff: noqa: B018  Expressions without an effect are what is looked at.

import numpy as np

import striate
from striate import callbacks, image, layers, losses, models, ops, optimizers

x = np.ones((2, 8, 8, 3), np.float32)
tensor = layers.Input((8, 8, 3))
model = striate.Sequential([tensor])

layers.Dense("10")  # error: arg-type
layers.Dense()  # error: call-arg
layers.Dense(10, unit=3)  # error: call-arg
layers.Conv2D(3, 3, paddding="same")  # error: call-arg
layers.Conv2D(3, 3, padding="sam")  # error: arg-type
layers.Conv2D(3, 3.5)  # error: arg-type
layers.Conv2d(3, 3)  # error: attr-defined
layers.Conv2D(3, 3, name=4)  # error: arg-type
layers.Dropout("half")  # error: arg-type
layers.Conv2D(3, 3)(tensor).numpy()  # error: attr-defined
layers.LSTM(3)(tensor, initial_stat=None)  # error: call-overload
optimizers.Adam(learningrate=0.1)  # error: call-arg
optimizers.SGD(0.1, momentum="high")  # error: arg-type
losses.Huber(delta=None)  # error: arg-type
callbacks.EarlyStopping(patience=2.5)  # error: arg-type
model.fit(x, epoch=3)  # error: call-arg
model.fit(x, epochs="3")  # error: arg-type
model.fit(x).histroy  # error: attr-defined
model.predict(x, 2, "loud")  # error: arg-type
model.compile(optimiser="sgd")  # error: call-arg
model.weight_dtype = "int4"  # error: assignment
model.export("model")  # error: attr-defined
models.load_model(3)  # error: arg-type
ops.ad(x, x)  # error: attr-defined
ops.mean(x, axes=1)  # error: call-overload
image.resize(x)  # error: call-arg
image.resize(x, (4, 4), interpolation="cubical")  # error: arg-type
striate.Squential([])  # error: attr-defined
np.exp(tensor)  # error: call-overload
