"""Events: their files, and how they are compared."""

import pytest

from striate.video import Event, match_events, read_events, write_events

BAG, LIGHT = Event(10.0, (0, 0, 8, 8), "bag"), Event(20.0, (30, 0, 60, 40), "light", 0.7)


def test_files_keep_events(tmp_path):
    write_events(tmp_path / "log.jsonl", [BAG, LIGHT])
    assert read_events(tmp_path / "log.jsonl") == [BAG, LIGHT]
    write_events(tmp_path / "log.jsonl", [])
    assert read_events(tmp_path / "log.jsonl") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "it is not JSON"),
        ("[1, 2]", "it is not an event; expected an object with time, class, score and box"),
        ('{"time": 1, "class": "bag", "score": 1}', "it is not an event"),
        ('{"time": 1, "class": "bag", "score": 1, "box": [1, 2, 3]}', r"it\[0\] has the box \(1.0, 2.0, 3.0\); expected"),
        ('{"time": -1, "class": "bag", "score": 1, "box": [1, 2, 3, 4]}', r"it\[0\].time=-1.0 is out of range"),
        ('{"time": 1%s, "class": "bag", "score": 1, "box": [1, 2, 3, 4]}' % ("0" * 400), r"it\[0\].time=inf is out of range"),
        ('{"time": 1, "class": "bag", "score": -1%s, "box": [1, 2, 3, 4]}' % ("0" * 400), r"it\[0\].score=-inf is out of"),
        ('{"time": 1, "class": "bag", "score": 1, "box": [1, 2, 3, 1%s]}' % ("0" * 400), r"it\[0\] has the box .*inf\); exp"),
        ('{"time": 1%s, "class": "bag", "score": 1, "box": [1, 2, 3, 4]}' % ("0" * 5000), "it is not JSON"),
        ('{"time": 1, "class": 3, "score": 1, "box": [1, 2, 3, 4]}', r"it\[0\] has the label 3; expected a str"),
    ],
)
def test_lines_that_are_no_events_are_named(line, message, tmp_path):
    path = tmp_path / "log.jsonl"
    write_events(path, [BAG])
    path.write_text(path.read_text() + f"{line}\n")
    with pytest.raises(ValueError, match="log.jsonl:2: " + message):
        read_events(path)
    with pytest.warns(UserWarning, match=message):
        assert read_events(path, invalid="skip") == [BAG]


def test_events_match_by_place_time_and_label():
    moved = BAG._replace(time=13.0, box=(1, 0, 9, 8))
    early, late, other, away = (
        BAG._replace(time=9.0), BAG._replace(time=41.0), BAG._replace(label="person"), BAG._replace(box=(20, 0, 28, 8))
    )  # fmt: skip
    result = match_events([BAG, LIGHT], [late, other, moved, away, early])
    assert result.pairs == [(BAG, moved)]
    assert result.missed == [LIGHT]
    assert result.delays == [3.0]
    assert sorted(result.false) == sorted([early, late, other, away])


def test_each_event_is_matched_once():
    again = [BAG._replace(time=12.0), BAG._replace(time=15.0)]
    result = match_events([BAG], again)
    assert (result.pairs, result.false) == ([(BAG, again[0])], again[1:])
    assert match_events([], []) == ([], [], [], [])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: match_events(3, []), "truth is of type int; expected a list of Event"),
        (lambda: match_events([], [3]), r"found\[0\] is of type int; expected an Event"),
        (lambda: match_events([], [BAG._replace(box=(5, 0, 1, 1))]), r"found\[0\] has the box \(5, 0, 1, 1\); expected"),
        (lambda: match_events([], [], seconds=-1), "seconds=-1 is out of range"),
        (lambda: write_events("log.jsonl", [(1, 2)]), r"events\[0\] is of type tuple; expected an Event"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
