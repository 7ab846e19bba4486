"""Lists of callbacks, which notify them of events."""

import functools

from .._common.checks import boolean, shown
from .._common.errors import Constructed
from .base import Callback, History
from .progress import ProgressBar

#: Older names of events, which Keras has too.
_OLDER_NAMES = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}


class CallbackList(Constructed):
    """Callbacks that are notified of events, in order: it has the methods of `Callback` for events.

    Parameters
    ----------
    callbacks : Callback, list of Callback or CallbackList, optional
        The callbacks.
    add_history : bool
        Whether to add a `History`, which then is the model's `history`.
    add_progbar : bool
        Whether to add a progress bar.
    model : Model, optional
        The model in training.
    **params
        Parameters of the training; see `Callback`.

    Examples
    --------
    >>> from striate import callbacks
    >>> several = callbacks.CallbackList([callbacks.History()], epochs=1)
    >>> several.on_epoch_end(0, {"loss": 0.5})
    >>> next(iter(several)).history
    {'loss': [0.5]}
    """

    def __init__(self, callbacks=None, add_history=False, add_progbar=False, model=None, **params):
        given = [] if callbacks is None else callbacks
        self.callbacks = []
        self.model = model
        self.params = params
        self._overridden = {}
        for callback in given if isinstance(given, (list, tuple, CallbackList)) else [given]:
            self.append(callback)
        if boolean("add_history", add_history):
            history = next((each for each in self if isinstance(each, History)), None)
            if history is None:
                self.append(history := History())
            if model is not None:
                model.history = history
        if boolean("add_progbar", add_progbar) and not any(isinstance(each, ProgressBar) for each in self):
            self.append(ProgressBar())

    def append(self, callback):
        """Add a callback after the others, but before those that come last."""
        if not isinstance(callback, Callback):
            raise TypeError(f"callbacks holds {shown(callback)}; expected instances of striate.callbacks.Callback")
        callback.set_model(self.model)
        callback.set_params(self.params)
        self.callbacks = sorted([*self.callbacks, callback], key=lambda each: each.comes_last)
        self._overridden.clear()

    def set_model(self, model):
        """Set the model in training."""
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params):
        """Set the parameters of the training."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def hold_model_weakly(self):
        """Keep the model alive no longer."""
        for callback in self.callbacks:
            callback.hold_model_weakly()

    def __iter__(self):
        return iter(self.callbacks)

    def notify(self, event, *arguments):
        """Call the method `event` of all callbacks.

        Arguments that are costly to compute are passed as functions. They are called for their values if a callback overrides
        the method; otherwise an empty dict takes their place.
        """
        if event not in self._overridden:
            self._overridden[event] = any(_overrides(callback, event) for callback in self.callbacks)
        arguments = [(each() if self._overridden[event] else {}) if callable(each) else each for each in arguments]
        for callback in self.callbacks:
            getattr(callback, event)(*arguments)


def _notifier(event):
    """Return the method of `CallbackList` for an event."""

    @functools.wraps(getattr(Callback, event))
    def method(self, *arguments, **named):
        arguments = [*arguments, *named.values()]
        takes_index = "batch" in event or "epoch" in event
        logs = arguments.pop() if len(arguments) > takes_index else None
        self.notify(event, *arguments, {} if logs is None else logs)

    return method


for _event in [name for name in vars(Callback) if name.startswith("on_")]:
    setattr(CallbackList, _event, _notifier(_event))


def keeps_state(callback):
    """Return whether a callback defines both `get_state` and `set_state`; one of them alone may do something else."""
    return _overrides(callback, "get_state") and _overrides(callback, "set_state")


def _overrides(callback, event):
    """Return whether a callback overrides a method, under its name or its older one."""
    names = (event, _OLDER_NAMES.get(event, event))
    return any(name in vars(callback) or getattr(type(callback), name) is not getattr(Callback, name) for name in names)
