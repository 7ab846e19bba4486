"""Progress bars."""

import io

import pytest

from striate.callbacks import ProgressBar


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def __init__(self, encoding):
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self):
        """The encoding that was passed."""
        return self._encoding

    def isatty(self):
        """Return True."""
        return True


@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "━" * 20), ("ascii", "=" * 20)])
def test_the_progress_bar_is_drawn_on_a_terminal(encoding, bar, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal(encoding)
    progress = ProgressBar(stream=stream)
    progress.set_params({"epochs": 12, "steps": 4})
    progress.on_epoch_begin(2)
    progress._last -= 1  # The bar is drawn only if some time has passed.
    progress.on_train_batch_end(1, {"loss": 0.5})
    halfway = stream.getvalue()
    assert halfway.startswith("\rEpoch  3/12 " + bar[:10])
    assert "2/4" in halfway
    assert "loss 0.5000" in halfway
    assert "\n" not in halfway
    progress.on_epoch_end(2, {"loss": 0.25, "val_loss": 0.75})
    end = stream.getvalue()[len(halfway) :]
    assert bar in end
    assert "loss 0.2500  val_loss 0.7500" in end
    assert end.endswith("\n")


def test_the_progress_bar_fits_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal("utf-8")
    progress = ProgressBar(stream=stream)
    progress.set_params({"epochs": 1, "steps": 4})
    progress.on_epoch_begin(0)
    progress.on_epoch_end(0, {"loss": 0.25, "accuracy": 0.5, "val_loss": 0.75})
    assert len(stream.getvalue().strip("\r\n")) == 39
