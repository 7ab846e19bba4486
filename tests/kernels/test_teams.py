"""Teams of threads, and the gate before OpenBLAS: what many callers, forks and limits of memory do to them."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import striate
from striate import functional as F
from striate.kernels import runtime, tasks
from tests.helpers.forking import fork, join, needs_fork
from tests.helpers.waiting import soon

TASKS = Path("/proc/self/task")
needs_proc = pytest.mark.skipif(not TASKS.exists(), reason="the system does not list a process's threads")

#: Convolutions whose threads call OpenBLAS, and a model; their results' hash, and then what a test wants to know.
WORK = """
import hashlib, os, resource, numpy as np, striate
from striate import functional as F
from striate.kernels import blas_gate

def limit(megabytes):
    pages = int(open("/proc/self/statm").read().split()[0])
    bytes = resource.RLIM_INFINITY if megabytes is None else pages * resource.getpagesize() + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (bytes, resource.RLIM_INFINITY))

def work():
    x = np.arange(64 * 20 * 20 * 8, dtype=np.float32).reshape(64, 20, 20, 8) % 7
    w = np.arange(3 * 3 * 8 * 16, dtype=np.float32).reshape(3, 3, 8, 16) % 5
    model = striate.Sequential([striate.layers.Conv2D(16, 3), striate.layers.Conv2D(16, 3), striate.layers.Flatten(),
                                striate.layers.Dense(3)], rng=0)
    model.compile("sgd", "mse")
    results = [F.conv2d(x, w, algorithm=name) for name in ("im2col", "direct", "winograd")]
    results += [F.conv2d(x, w.astype(float), algorithm="im2col")] if x.dtype != w.dtype else []
    results += [model.predict(x)]
    model.fit(x, np.ones((64, 3), np.float32), epochs=2, verbose=0, rng=0)
    results += [F.dense(x.reshape(64, -1), np.ones((3200, 40), np.float32)), *model.get_weights()]
    return hashlib.sha256(b"".join(result.tobytes() for result in results)).hexdigest()
"""


def run(code, **environment):
    """Return what Python code behind `WORK` prints in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", WORK + code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def thread_count():
    return len(list(TASKS.iterdir()))


def convolve(result):
    x, w = np.ones((8, 40, 40, 16), np.float32), np.ones((3, 3, 16, 32), np.float32)
    with striate.num_threads(8):
        for _ in range(5):
            result.append(
                (F.conv2d(x, w, algorithm="im2col") == 144).all() and (F.conv2d(x, w, algorithm="direct") == 144).all()
            )


Task = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_void_p)


def share(task, count, threads):
    """Call what shares tasks in `nogil` code: ctypes releases the GIL for the call, and each task takes it."""
    name, pointer = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name.argtypes, name.restype = [ctypes.py_object], ctypes.c_char_p
    pointer.argtypes, pointer.restype = [ctypes.py_object, ctypes.c_char_p], ctypes.c_void_p
    capsule, size = tasks.__pyx_capi__["share"], ctypes.c_ssize_t
    function = ctypes.CFUNCTYPE(None, Task, ctypes.c_void_p, size, size, ctypes.c_int, ctypes.c_void_p, size)
    function(pointer(capsule, name(capsule)))(Task(task), None, count, count, threads, None, 0)


@pytest.mark.skipif(not tasks.gets_threads(), reason="there is one thread alone")
def test_threads_meet_in_tasks_of_callers_without_the_gil():
    meeting, met = threading.Barrier(2, timeout=60), set()

    def task(arguments, number, memory):
        meeting.wait()
        met.add(threading.get_ident())

    share(task, 2, 2)
    assert len(met) == 2


#: Whether threads other than this one write what a call computes: the first to write to a page of new memory has a page fault.
PAGES = """
import ctypes, time
from pathlib import Path
from striate.kernels import bindings
from striate.kernels.program import Program

PR_SET_THP_DISABLE = 41  # huge pages would be too few to tell anything
assert ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0

def faults_of_others():
    statistics = [(thread / "stat").read_text().rpartition(")")[2].split() for thread in Path("/proc/self/task").iterdir()
                  if thread.name != str(os.getpid())]
    return sum(int(fields[7]) for fields in statistics)

def others_write(compute, nbytes, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:  # which the system may give all to this thread, for a while
        before = faults_of_others()
        compute()
        if faults_of_others() - before > nbytes // resource.getpagesize() // 16:
            return True
    return False

def run_program():
    y, program = np.empty_like(x), Program()
    bindings.activation_forward(x, y, columns=1, activation="sigmoid", threads=striate.get_num_threads(), program=program)
    program.run()

def predict():
    image = striate.Input((1000, 1000, 1))
    striate.Model(image, striate.layers.MaxPooling2D(3)(striate.layers.Conv2D(12, 3)(image)), rng=0).predict(image_batch)

x, image_batch = np.ones(12_000_000, np.float32), np.ones((1, 1000, 1000, 1), np.float32)
"""


@needs_proc
@pytest.mark.skipif(not tasks.gets_threads(), reason="there is one thread alone")
@pytest.mark.parametrize("function", ["run_program", "predict"])
@pytest.mark.parametrize(("threads", "seconds", "expected"), [("1", "1", "False"), ("2", "60", "True")], ids=["one", "two"])
def test_workers_take_part(function, threads, seconds, expected):
    code = f"{PAGES}print(others_write({function}, x.nbytes, {seconds}))"
    assert run(code, STRIATE_NUM_THREADS=threads, OPENBLAS_NUM_THREADS="1") == [expected]


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_callers_without_the_gil_have_each_task_carried_out_once(threads):
    def call(done):
        for _ in range(20):
            share(lambda arguments, number, memory: done.append(number), 50, threads)

    lists = [[] for _ in range(4)]
    callers = [threading.Thread(target=call, args=(done,)) for done in lists]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    for done in lists:
        assert sorted(done) == sorted([*range(50)] * 20)


def test_all_teams_together_have_no_more_workers_than_one():
    at_work, most, lock = set(), [], threading.Lock()

    def task(arguments, number, memory):
        with lock:
            at_work.add(threading.get_ident())
            most.append(len(at_work))
        time.sleep(0.001)
        with lock:
            at_work.discard(threading.get_ident())

    callers = [threading.Thread(target=lambda: [share(task, 16, 8) for _ in range(5)]) for _ in range(12)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(most) == 12 * 5 * 16
    assert max(most) <= 12 + 7


@needs_proc
def test_threads_that_all_teams_keep_are_few():
    before, counts, results = thread_count(), [], []
    threads = [threading.Thread(target=convolve, args=(results,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        counts.append(thread_count() - before)
        for thread in threads:
            thread.join(0.001)
    assert results == [True] * 60
    # The threads of Python, those that idle leaders keep, workers of one team, those that are started to see whether the system
    # has them, and OpenBLAS's.
    assert max(counts) <= 12 + 4 * 8 + 7 + 8 + 1


@needs_proc
@pytest.mark.skipif(runtime.openmp_runtime() != "libgomp", reason="the runtime cannot end the threads of one leader")
def test_leaders_who_call_in_turn_do_not_keep_threads_for_ever():
    before, results, counts = thread_count(), [], []
    turn, end = threading.Barrier(2), threading.Event()

    def lead():
        turn.wait()
        convolve(results)
        turn.wait()
        end.wait()

    threads = [threading.Thread(target=lead) for _ in range(12)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        turn.wait()
        turn.wait()
        counts.append(thread_count() - before - number)
    end.set()
    for thread in threads:
        thread.join()
    assert results == [True] * 60
    assert max(counts) <= 4 * 8 + 8


@needs_proc
def test_teams_of_changing_size_start_no_threads_again():
    """What is kept are the threads that were there; on Linux, new ones have new numbers."""
    x, w = np.ones((8, 40, 40, 16), np.float32), np.ones((3, 3, 16, 32), np.float32)
    seen = set()
    for number, count in enumerate([8, 2] * 6):
        with striate.num_threads(count):
            assert (F.conv2d(x, w, algorithm="direct") == 144).all()
        if number == 0:
            continue  # the system may still list threads that it was asked for
        seen.update(thread.name for thread in TASKS.iterdir())
    assert seen == {thread.name for thread in TASKS.iterdir()}


@needs_proc
@pytest.mark.skipif(runtime.openmp_runtime() != "libgomp", reason="the runtime keeps all threads")
def test_threads_that_many_teams_do_without_end():
    code = """
import time
x, w = np.ones((8, 40, 40, 16), np.float32), np.ones((3, 3, 16, 32), np.float32)
for count in [8] + [2] * 20:
    with striate.num_threads(count):
        F.conv2d(x, w, algorithm="direct")
    print(len(os.listdir("/proc/self/task")))
time.sleep(0.1)  # the system may list threads for a moment after their end
print(len(os.listdir("/proc/self/task")))
"""
    counts = [int(count) for count in run(code)]
    assert counts[0] - counts[-1] == 6


@needs_proc
def test_the_question_for_workers_ends_none_of_those_that_are_kept():
    code = """
from striate.kernels import tasks
x, w = np.ones((8, 40, 40, 16), np.float32), np.ones((3, 3, 16, 32), np.float32)
F.conv2d(x, w, algorithm="direct")
assert tasks.gets_threads()
limit(4)  # there are no more threads
F.conv2d(x, w, algorithm="direct")
print(len(os.listdir("/proc/self/task")))
"""
    assert int(run(code, STRIATE_NUM_THREADS="8", OPENBLAS_NUM_THREADS="1")[0]) >= 8


@needs_proc
@needs_fork
def test_a_fork_ends_idle_threads_and_both_sides_start_new_ones():
    def work():
        results = []
        convolve(results)
        assert all(results)
        assert thread_count() > 1

    work()
    count = thread_count()
    for _ in range(3):
        child = fork(work)
        assert soon(lambda: thread_count() <= count - 7)  # the system may list threads for a moment after their end
        join(child)
        work()
        assert 8 <= thread_count() <= count


@needs_fork
def test_forks_while_others_are_at_work():
    results, ends = [], threading.Event()

    def go_on():
        while not ends.is_set():
            convolve(results)

    def work():
        mine = []
        convolve(mine)
        assert all(mine)

    threads = [threading.Thread(target=go_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            join(fork(work))
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    assert all(results)


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not limit a process's memory")
@pytest.mark.parametrize("megabytes", [20, 60, 100, 200, 400, 4000])
def test_a_limit_of_memory_ends_no_process_and_changes_no_bit(megabytes):
    code = f"""
limit({megabytes})
for _ in range(2):
    try:
        print(work())
    except MemoryError:
        print("MemoryError")
limit(None)
print(work())
"""
    usual = run("print(work())", STRIATE_NUM_THREADS="1")[0]
    *limited, free = run(code, STRIATE_NUM_THREADS="64")
    assert set(limited) <= {usual, "MemoryError"}
    assert free == usual
    if megabytes == 4000:  # enough
        assert limited == [usual] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say how much memory a process has")
def test_what_openblas_takes_for_a_buffer_is_what_is_tried_before():
    code = """
def size():
    return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
work()
sizes = [size()]
for _ in range(3):
    assert blas_gate.provide_buffers(blas_gate.buffer_count() + 1)
    sizes.append(size())
print(*[(b - a) >> 20 for a, b in zip(sizes, sizes[1:])])
"""
    first, *others = run(code, STRIATE_NUM_THREADS="1")
    assert others == ["32", "32"]
    assert int(first) <= 32 + 32 + 10  # and its thread's, with a stack


def test_each_call_of_openblas_has_a_buffer():
    code = """
import threading
from tests.kernels.test_teams import convolve
results = []
assert blas_gate.buffer_count() == 1
threads = [threading.Thread(target=convolve, args=(results,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(blas_gate.buffer_count(), *results)
"""
    count, *results = run(code)
    assert results == ["True"] * 20
    assert 2 <= int(count) <= 4 + 7  # a buffer is there from the start; leaders and workers may have one each


def test_buffers_are_counted_while_more_are_made():
    """They are made without the GIL: if they are counted without another lock, ThreadSanitizer tells."""
    code = """
import threading

def provide():
    for count in range(2, 12):
        blas_gate.provide_buffers(count)

provider = threading.Thread(target=provide)
provider.start()
counts = []
while provider.is_alive():
    counts.append(blas_gate.buffer_count())
print(counts == sorted(counts), blas_gate.buffer_count() >= 11)
"""
    assert run(code) == ["True", "True"]


@needs_fork
def test_a_child_has_all_buffers_whatever_calls_were_under_way():
    code = """
import signal, threading
blas_gate.provide_buffers(2)
striate.set_num_threads(1)
x, ends = np.ones((2000, 2000), np.float32), threading.Event()

def go_on():
    while not ends.is_set():
        F.dense(x, x)

threads = [threading.Thread(target=go_on) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(5):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        limit(12)
        os._exit((F.dense(x[:600, :600], x[:600, :600]) == 600).all() and 10 + blas_gate.buffer_count())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
ends.set()
"""
    assert run(code) == ["12"] * 5


@needs_fork
def test_a_fork_while_buffers_are_made_leaves_openblas_on_one_thread():
    code = """
import threading
from striate.kernels import blas
striate.set_num_threads(1)
x, threads = np.ones((600, 600), np.float32), blas._library.scipy_openblas_get_num_threads

def provide():
    for count in range(2, 60):
        blas_gate.provide_buffers(count)

provider = threading.Thread(target=provide)
provider.start()
alive = True
while alive:  # once at least, however soon the thread is done
    alive = provider.is_alive()
    child = os.fork()
    if child == 0:
        os._exit(10 * threads() + (F.dense(x, x) == 600).all())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert set(run(code)) == {"11"}


def test_openblas_computes_whatever_number_of_threads_it_has():
    code = """
from striate.kernels import blas
x = np.ones((600, 600), np.float32)
assert blas_gate.provide_buffers(2)
blas._library.scipy_openblas_set_num_threads(2)
print((F.dense(x, x) == 600).all())
"""
    assert run(code, STRIATE_NUM_THREADS="1") == ["True"]
