"""Logs that are sent to a server."""

import http.server
import json
import threading
from urllib.parse import parse_qs

import numpy as np
import pytest

from striate.callbacks import RemoteMonitor


@pytest.fixture
def server():
    """Start a server that keeps requests; yield its address and the requests."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append((self.path, self.headers["Content-Type"], self.headers["X-Run"], body.decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Print nothing."""

    httpd = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", requests
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_logs_are_sent_as_a_form_or_as_json(server):
    root, requests = server
    logs = {"loss": np.float32(0.5), "accuracy": np.array(0.25), "count": 3}
    RemoteMonitor(root, field="epoch_end").on_epoch_end(2, logs)
    RemoteMonitor(root, path="/logs", headers={"X-Run": "a"}, send_as_json=True).on_epoch_end(2, logs)
    form, plain = requests
    assert form[:3] == ("/publish/epoch/end/", "application/x-www-form-urlencoded", None)
    assert plain[:3] == ("/logs", "application/json", "a")
    expected = {"epoch": 2, "loss": 0.5, "accuracy": 0.25, "count": 3}
    assert json.loads(parse_qs(form[3])["epoch_end"][0]) == json.loads(plain[3]) == expected


def test_a_server_out_of_reach_causes_a_warning():
    with pytest.warns(UserWarning, match=r"root='http://127\.0\.0\.1:1' could not be reached"):
        RemoteMonitor("http://127.0.0.1:1").on_epoch_end(0, {})
