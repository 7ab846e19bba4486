"""The callback that sends logs to a server."""

import warnings

import numpy as np

from .._common.checks import boolean, shown, text
from .._common.lazy_modules import json
from .base import Callback

_SECONDS = 10  # after which a server counts as out of reach


class RemoteMonitor(Callback):
    """Send the logs of each epoch to a server, by POST.

    A server that cannot be reached causes a warning.

    Parameters
    ----------
    root : str
        Address of the server.
    path : str
        Path on the server.
    field : str
        Name of the form's field that holds the logs as JSON.
    headers : dict of str to str, optional
        Headers of the request.
    send_as_json : bool
        Whether the request is JSON, in place of a form.

    Examples
    --------
    >>> from striate import callbacks
    >>> monitor = callbacks.RemoteMonitor("http://localhost:9000", path="/epochs", send_as_json=True)
    >>> monitor.request(0, {"loss": 0.5}).data
    b'{"epoch": 0, "loss": 0.5}'
    """

    def __init__(
        self, root="http://localhost:9000", path="/publish/epoch/end/", field="data", headers=None, send_as_json=False
    ):
        super().__init__()
        self.root = text("root", root)
        self.path = text("path", path)
        self.field = text("field", field)
        if headers is not None and not isinstance(headers, dict):
            raise TypeError(f"headers={shown(headers)} is of type {type(headers).__name__}; expected a dict of strings")
        self.headers = {text("name of a header", name): text(f"headers[{name!r}]", headers[name]) for name in headers or {}}
        self.send_as_json = boolean("send_as_json", send_as_json)

    def request(self, epoch, logs):
        """Return the request with the logs of an epoch.

        Parameters
        ----------
        epoch : int
            Index of the epoch.
        logs : dict
            The logs.
        """
        from urllib import parse, request  # which takes long to import

        values = {name: value.item() if isinstance(value, (np.ndarray, np.generic)) else value for name, value in logs.items()}
        body = json.dumps({"epoch": epoch, **values})
        if not self.send_as_json:
            body = parse.urlencode({self.field: body})
        kind = "application/json" if self.send_as_json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, **self.headers}
        return request.Request(self.root + self.path, body.encode(), headers, method="POST")

    def on_epoch_end(self, epoch, logs=None):
        """Send the logs."""
        from urllib import request

        try:
            request.urlopen(self.request(epoch, logs or {}), timeout=_SECONDS).close()
        except OSError:  # of which urllib's errors are subclasses
            warnings.warn(f"root={self.root!r} could not be reached; expected a server that takes logs", stacklevel=2)
