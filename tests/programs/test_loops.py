"""Loops without `fit`, and trainings that a program steers from outside: rates, curricula, meta-learning, rewards."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from striate.data import DataLoader
from tests.helpers.small_models import digits


def classifier():
    inputs = keras.Input(shape=(8, 8, 1))
    x = layers.Conv2D(8, 3, strides=2, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(x)))


def test_a_training_loop_written_from_scratch(capsys):
    x, y = digits(700)
    model = classifier()
    optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    train_acc_metric = keras.metrics.SparseCategoricalAccuracy()
    val_acc_metric = keras.metrics.SparseCategoricalAccuracy()
    train_dataset = DataLoader((x[:600], y[:600]), batch_size=60, shuffle=True, rng=0)
    val_dataset = DataLoader((x[600:], y[600:]), batch_size=50)

    def train_step(x, y):
        with keras.GradientTape() as tape:
            logits = model(x, training=True)
            loss_value = loss_fn(y, logits)
        grads = tape.gradient(loss_value, model.trainable_weights)
        optimizer.apply_gradients(zip(grads, model.trainable_weights, strict=True))
        train_acc_metric.update_state(y, logits)
        return loss_value

    for epoch in range(6):
        for step, (x_batch_train, y_batch_train) in enumerate(train_dataset):
            loss_value = train_step(x_batch_train, y_batch_train)
            if step % 5 == 0:
                print(f"Training loss at step {step}: {float(loss_value):.4f}")
        train_acc = train_acc_metric.result()
        train_acc_metric.reset_state()
        for x_batch_val, y_batch_val in val_dataset:
            val_acc_metric.update_state(y_batch_val, model(x_batch_val, training=False))
        print(f"Epoch {epoch}: accuracy {float(train_acc):.3f}, validation {float(val_acc_metric.result()):.3f}")
        val_acc = val_acc_metric.result()
        val_acc_metric.reset_state()
    assert train_acc > 0.85
    assert val_acc > 0.8
    assert len(capsys.readouterr().out.splitlines()) == 6 * 3
    assert optimizer.iterations == 60


def test_a_loop_takes_the_same_steps_as_fit():
    x, y = digits(128)
    one = classifier()
    other = keras.models.clone_model(one)
    other.set_weights(one.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    one.compile(keras.optimizers.Adam(0.01), loss)
    history = one.fit(x, y, batch_size=32, shuffle=False, verbose=0).history
    optimizer, losses = keras.optimizers.Adam(0.01), []
    for start in range(0, 128, 32):
        with keras.GradientTape() as tape:
            value = loss(y[start : start + 32], other(x[start : start + 32], training=True))
        optimizer.apply(tape.gradient(value, other.trainable_weights), other.trainable_weights)
        losses.append(float(value))
    assert np.mean(losses) == pytest.approx(history["loss"][0], rel=1e-4)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


class LRFinder(keras.callbacks.Callback):
    """Smith, L., "Cyclical learning rates for training neural networks", WACV 2017: raises the rate until the loss explodes."""

    def __init__(self, start, end, steps):
        super().__init__()
        self.start, self.factor = start, (end / start) ** (1 / steps)
        self.rates, self.losses = [], []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = self.start * self.factor ** len(self.rates)

    def on_train_batch_end(self, batch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))
        self.losses.append(logs["last_loss"])
        if self.losses[-1] > 4 * min(self.losses):
            self.model.stop_training = True


class LastLoss(keras.Model):
    """Shows the loss of the last batch, beside the mean that `loss` is."""

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        self._loss_tracker.update_state(loss)
        return {"loss": self._loss_tracker.result(), "last_loss": loss}


def test_a_learning_rate_finder_stops_when_the_loss_explodes():
    x, y = digits(960)
    base = classifier()
    model = LastLoss(base.inputs, base.outputs)
    model.compile(keras.optimizers.SGD(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    finder = LRFinder(1e-4, 100, 90)
    model.fit(x, y, batch_size=32, epochs=3, callbacks=[finder], verbose=0)
    best = finder.rates[int(np.argmin(finder.losses))]
    assert 0.01 < best < 10
    assert finder.rates[-1] > best
    assert finder.losses[-1] > 4 * min(finder.losses)
    assert len(finder.losses) < 90


class Curriculum(keras.Model):
    """Leaves out samples whose loss is above a limit, which a callback raises."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.limit = self.add_weight(shape=(), initializer="zeros", trainable=False, name="limit")

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            losses = keras.losses.mean_squared_error(y, self(x, training=True))
            used = ops.cast(losses <= self.limit, "float32")
            loss = ops.sum(losses * ops.stop_gradient(used)) / ops.maximum(ops.sum(used), 1)
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss, "used": ops.mean(used)}


class Raise(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.limit.assign(0.5 * (epoch + 1))


def test_a_curriculum_is_steered_by_a_weight(rng):
    x = rng.uniform(-1, 1, (256, 1)).astype("float32")
    y = 2 * x
    y[::8] += 20  # Outliers, which are never learned.
    inputs = keras.Input((1,))
    model = Curriculum(inputs, layers.Dense(1, kernel_initializer="ones")(inputs))
    model.compile(keras.optimizers.SGD(0.3))
    history = model.fit(x, y, batch_size=256, epochs=30, callbacks=[Raise()], verbose=0).history
    np.testing.assert_array_less(history["used"], 0.9)
    assert history["used"][0] < history["used"][-1] == pytest.approx(7 / 8)
    assert float(model.limit.numpy()) == 15
    np.testing.assert_allclose(model.predict(np.float32([[1]]), verbose=0), [[2]], atol=0.05)


def test_reptile_finds_weights_from_which_tasks_are_learned_fast(rng):
    """Nichol, A. et al., "On first-order meta-learning algorithms", 2018, with sine waves for tasks."""

    def task():
        amplitude, phase = rng.uniform(0.5, 2), rng.uniform(0, np.pi)
        x = rng.uniform(-3, 3, (30, 1)).astype("float32")
        return x, (amplitude * np.sin(x + phase)).astype("float32")

    inputs = keras.Input((1,))
    h = layers.Dense(32, activation="tanh")(layers.Dense(32, activation="tanh")(inputs))
    model = keras.Model(inputs, layers.Dense(1)(h))
    model.compile(keras.optimizers.SGD(0.02), "mse")

    def loss_after_learning(steps=10):
        found = []
        weights = model.get_weights()
        for _ in range(15):
            x, y = task()
            for _ in range(steps):
                model.train_on_batch(x[:15], y[:15])
            found.append(model.evaluate(x[15:], y[15:], verbose=0))
            model.set_weights(weights)
        return np.mean(found)

    before = loss_after_learning()
    for meta_iter in range(300):
        frac_done = meta_iter / 300
        cur_meta_step_size = (1 - frac_done) * 0.5
        old_vars = model.get_weights()
        x, y = task()
        for _ in range(10):
            model.train_on_batch(x, y)
        new_vars = model.get_weights()
        for var in range(len(new_vars)):
            new_vars[var] = old_vars[var] + (new_vars[var] - old_vars[var]) * cur_meta_step_size
        model.set_weights(new_vars)
    assert loss_after_learning() < 0.7 * before


def walk(position, action):
    """Return the next position on a corridor of six places, the reward, and whether the end is reached."""
    position = min(max(position + (1 if action else -1), 0), 5)
    return position, float(position == 5), position == 5


def one_hot(position):
    return np.eye(6, dtype="float32")[np.atleast_1d(position)]


def test_an_actor_and_a_critic_learn_to_walk_to_the_end(rng):
    inputs = layers.Input(shape=(6,))
    common = layers.Dense(32, activation="relu")(inputs)
    action = layers.Dense(2, activation="softmax")(common)
    critic = layers.Dense(1)(common)
    model = keras.Model(inputs=inputs, outputs=[action, critic])
    optimizer = keras.optimizers.Adam(learning_rate=0.02)
    huber_loss = keras.losses.Huber()
    eps = 1e-7
    lengths = []
    for _ in range(30):
        position, action_probs_history, critic_value_history, rewards_history = 0, [], [], []
        with keras.GradientTape() as tape:
            for _ in range(25):
                action_probs, critic_value = model(one_hot(position))
                critic_value_history.append(critic_value[0, 0])
                chosen = int(rng.random() < float(action_probs[0, 1]))
                action_probs_history.append(ops.log(action_probs[0, chosen] + eps))
                position, reward, done = walk(position, chosen)
                rewards_history.append(reward - 0.05)
                if done:
                    break
            returns, discounted_sum = [], 0
            for r in rewards_history[::-1]:
                discounted_sum = r + 0.95 * discounted_sum
                returns.insert(0, discounted_sum)
            actor_losses, critic_losses = [], []
            for log_prob, value, ret in zip(action_probs_history, critic_value_history, returns, strict=True):
                diff = ret - value
                actor_losses.append(-log_prob * ops.stop_gradient(diff))
                critic_losses.append(huber_loss(np.float32([ret]), ops.expand_dims(value, 0)))
            loss_value = sum(actor_losses) + sum(critic_losses)
        grads = tape.gradient(loss_value, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
        lengths.append(len(rewards_history))
    assert np.mean(lengths[-5:]) < 8
    assert model.predict(one_hot(range(5)), verbose=0)[0][:, 1].min() > 0.6


class QNetwork(keras.Model):
    """Mnih, V. et al., "Playing Atari with deep reinforcement learning", 2013: a target network, and masks of actions."""

    gamma = 0.9

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.target = keras.models.clone_model(network)
        self.target.trainable = False
        self.target.set_weights(network.get_weights())

    def train_step(self, data):
        (state, action), (reward, state_next, done) = data
        future_rewards = ops.max(self.target(state_next), axis=1)
        updated_q_values = reward + self.gamma * future_rewards * (1 - done)
        masks = ops.one_hot(action, 2)
        with keras.GradientTape() as tape:
            q_action = ops.sum(ops.multiply(self.network(state), masks), axis=1)
            loss = keras.losses.Huber()(updated_q_values, q_action)
        grads = tape.gradient(loss, self.network.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.network.trainable_variables, strict=True))
        return {"loss": loss}


def test_a_q_network_finds_the_discounted_rewards(rng):
    model = QNetwork(keras.Sequential([keras.Input((6,)), layers.Dense(32, activation="relu"), layers.Dense(2)]))
    model.compile(keras.optimizers.Adam(0.01))
    positions, actions = rng.integers(0, 5, 512), rng.integers(0, 2, 512)
    outcomes = [walk(*each) for each in zip(positions, actions, strict=True)]
    following, rewards, done = (np.array(each) for each in zip(*outcomes, strict=True))
    data = (
        (one_hot(positions), actions.astype("int32")),
        (rewards.astype("float32"), one_hot(following), done.astype("float32")),
    )
    for _ in range(12):
        model.fit(*data, batch_size=64, epochs=6, verbose=0)
        model.target.set_weights(model.network.get_weights())
    values = model.network.predict(one_hot(range(5)), verbose=0)
    np.testing.assert_allclose(values[:, 1], 0.9 ** np.arange(4, -1, -1), atol=0.1)
    assert (values.argmax(axis=1) == 1).all()
