"""How many threads may be used, and environment variables that decide at import."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from striate.kernels.program import Program

import striate
from striate import functional as F
from striate import kernels
from striate.kernels import bindings, tasks


def run(code, **environment):
    """Run Python code in a process of its own with environment variables."""
    environment = {**os.environ, **environment}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_set_num_threads_is_what_get_num_threads_returns():
    before = striate.get_num_threads()
    assert before >= 1
    try:
        striate.set_num_threads(3)
        assert striate.get_num_threads() == 3
    finally:
        striate.set_num_threads(before)


def test_the_context_manager_restores_even_after_an_error():
    before = striate.get_num_threads()

    def fail():
        with striate.num_threads(before + 1):
            assert striate.get_num_threads() == before + 1
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert striate.get_num_threads() == before


def test_the_context_manager_is_for_its_own_thread():
    seen = []
    with striate.num_threads(striate.get_num_threads() + 1):
        thread = threading.Thread(target=lambda: seen.append(striate.get_num_threads()))
        thread.start()
        thread.join()
    assert seen == [striate.get_num_threads()]


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (0, ValueError, "num_threads=0 is too small; expected an integer of at least 1"),
        (1025, ValueError, "num_threads=1025 is too large; expected an integer of at least 1 and at most 1024"),
        (1.5, TypeError, "num_threads=1.5 is of type float"),
        (True, TypeError, "num_threads=True is a bool"),
        ("2", TypeError, "num_threads='2' is of type str"),
    ],
)
def test_bad_numbers_are_refused(value, error, message):
    before = striate.get_num_threads()
    with pytest.raises(error, match=message):
        striate.set_num_threads(value)
    with pytest.raises(error, match=message), striate.num_threads(value):
        pass
    assert striate.get_num_threads() == before


def test_the_environment_variable_sets_the_number_of_threads():
    result = run("import striate; print(striate.get_num_threads())", STRIATE_NUM_THREADS="5")
    assert result.stdout.strip() == "5"


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "1025"])
def test_bad_environment_variable_is_refused(value):
    result = run("import striate", STRIATE_NUM_THREADS=value)
    assert result.returncode
    assert f"STRIATE_NUM_THREADS='{value}' is not a number of threads; expected an integer from 1 to 1024" in result.stderr


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinity")
def test_the_default_number_of_threads_follows_affinity():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); import striate; print(striate.get_num_threads())"
    )
    environment = {key: value for key, value in os.environ.items() if key != "STRIATE_NUM_THREADS"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "1"


@pytest.mark.parametrize("threads", [2, 4, 9])
def test_threads_that_fell_asleep_take_part_again(rng, threads):
    # between two operations that threads share come some on one thread alone, which together take a millisecond or more
    x, small = rng.standard_normal(300_000, np.float32), rng.standard_normal(20_000, np.float32)
    want, want_small = F.sigmoid(F.sigmoid(x)), F.tanh(small)
    y, z, result = np.empty_like(x), np.empty_like(x), np.zeros_like(small)
    program = Program()
    bindings.activation_forward(x, y, columns=1, activation="sigmoid", alpha=0.0, threads=threads, program=program)
    for _ in range(200):
        bindings.activation_forward(small, result, columns=1, activation="tanh", alpha=0.0, threads=1, program=program)
    bindings.activation_forward(y, z, columns=1, activation="sigmoid", alpha=0.0, threads=threads, program=program)
    for _ in range(20):
        y[:], z[:], result[:] = 0, 0, 0
        program.run()
        np.testing.assert_array_equal(z, want)
        np.testing.assert_array_equal(result, want_small)


def test_fewer_threads_than_requested_make_all_batches():
    code = (
        "import hashlib, numpy as np, striate; from striate import functional as F; striate.set_num_threads(3);"
        "x = np.arange(4 * 20 * 20 * 16, dtype=np.float32).reshape(4, 20, 20, 16) % 7; w = np.ones((3, 3, 16, 32), np.float32);"
        "model = striate.Sequential([striate.layers.Conv2D(32, 3), striate.layers.Conv2D(32, 3)], rng=0);"
        "results = F.conv2d(x, w), model.predict(x), model.predict(x);"
        "print([hashlib.sha256(result.tobytes()).hexdigest() for result in results])"
    )
    usual, limited = run(code), run(code, OMP_THREAD_LIMIT="1")
    assert usual.returncode == limited.returncode == 0, limited.stderr
    assert limited.stdout == usual.stdout


def test_unknown_instruction_set_is_refused():
    result = run("import striate", STRIATE_ISA="v9")
    assert result.returncode
    assert "STRIATE_ISA='v9' names no instruction set that this build and processor support; expected one of" in result.stderr


@pytest.mark.parametrize("isa", kernels.usable_instruction_sets())
def test_instruction_sets_can_be_asked_for(isa):
    result = run("import striate; print(striate.kernels.instruction_set)", STRIATE_ISA=isa)
    assert result.stdout.strip() == isa


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
@pytest.mark.parametrize(("switch", "started"), [("0", "0"), ("1", "2")])
def test_finest_tasks_are_shared_whatever_their_size(switch, started):
    code = (
        "import os, numpy as np, striate; from striate import functional as F; striate.set_num_threads(3);"
        "before = len(os.listdir('/proc/self/task')); F.relu(np.ones(1000, np.float32));"
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    result = run(code, STRIATE_FINEST_TASKS=switch)
    assert result.stdout.strip() == started, result.stderr


@pytest.mark.parametrize("name", ["STRIATE_FINEST_TASKS", "STRIATE_WINOGRAD"])
def test_a_switch_must_be_0_or_1(name):
    result = run("import striate", **{name: "yes"})
    assert result.returncode
    assert f"{name}='yes' is not a switch; expected 0 or 1" in result.stderr


def test_a_program_is_run_with_the_tasks_that_it_was_made_for():
    program, before = Program(), tasks.get_finest()
    bindings.activation_forward(
        np.ones(3, np.float32), np.ones(3, np.float32), columns=1, activation="tanh", alpha=0.0, threads=1, program=program
    )
    tasks.set_finest(not before)
    try:
        with pytest.raises(RuntimeError, match="another setting of `set_finest`"):
            program.run()
    finally:
        tasks.set_finest(before)
    program.run()


def test_the_environment_is_left_as_it_was():
    result = run("import os; before = dict(os.environ); import striate; assert dict(os.environ) == before")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(("value", "threads"), [("3", "3"), (" 3 ", "3"), ("3,2", "3"), ("9999", "1024")])
def test_the_variable_of_openmp_serves_where_there_is_no_other(value, threads):
    code = "import striate; print(striate.get_num_threads())"
    assert run(code, OMP_NUM_THREADS=value, STRIATE_NUM_THREADS="").stdout.strip() == threads
    assert run(code, OMP_NUM_THREADS=value, STRIATE_NUM_THREADS="2").stdout.strip() == "2"


@pytest.mark.parametrize("value", ["", "0", "-1", "two"])
def test_invalid_values_of_omp_num_threads_are_ignored(value):
    code = "import striate; print(striate.get_num_threads())"
    found = run(code, OMP_NUM_THREADS=value, STRIATE_NUM_THREADS="").stdout.strip()
    environment = {key: value for key, value in os.environ.items() if key not in ("OMP_NUM_THREADS", "STRIATE_NUM_THREADS")}
    command = [sys.executable, "-c", code]
    assert found == subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
