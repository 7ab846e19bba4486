"""Sharing tasks among threads: one module, called by all families of kernels, so that threads stay together for all of them."""

import os

cdef extern from "thread_budget.h" nogil:
    void begin_budget() noexcept
    bint can_have_helper() noexcept
    void end_threads_before_fork() noexcept

cdef extern from "team.h" nogil:
    void share_tasks(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, char *memory,
                     Py_ssize_t memory_of_thread) noexcept
    void run_with_team(void (*body)(void *) noexcept, void *argument, int wanted, int threads) noexcept
    void forget_shared() noexcept
    void forget_sleepers() noexcept
    Py_ssize_t jobs_shared
    int most_members


def set_finest(bint enabled):
    """Set whether every operation is shared out as finely as it can be, whatever its size.

    Tests see what otherwise only large operations on many threads would show. Working memory is full of NaN before each task,
    which cannot live on what another has left there, and the last task comes first. No result may change by a bit.
    A program must be run with the setting that it was made with, which its working memory depends on.
    """
    global finest
    finest = enabled


def get_finest():
    """Return whether every operation is shared out as finely as it can be."""
    return finest


cdef struct Finest:
    task_function function
    const void *job
    Py_ssize_t tasks, memory_of_thread


cdef void finest_task(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Finest *all = <const Finest *>job
    poison(memory, all.memory_of_thread)
    all.function(all.job, all.tasks - 1 - task, memory)


cdef void share_finest(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                       Py_ssize_t memory_of_thread) noexcept nogil:
    cdef Finest all = Finest(function, job, tasks, memory_of_thread)
    if threads == 1 or tasks <= 1:
        run_serial(finest_task, &all, tasks, memory)
    else:
        share(finest_task, &all, tasks, tasks, threads, memory, memory_of_thread)


cdef void share(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil:
    """Carry tasks out on several threads, each of which takes a unit of neighbouring ones at a time."""
    share_tasks(function, job, tasks, units, threads, <char *>memory, memory_of_thread)


cdef void run_together(void (*body)(void *) noexcept nogil, void *argument, int threads) noexcept nogil:
    """Call ``body``; the threads that it shares jobs with stay together from one job to the next."""
    run_with_team(body, argument, threads - 1, threads)


cdef void begin_counting() noexcept nogil:
    """Count from now on what this thread shares."""
    forget_shared()


cdef Py_ssize_t shared_jobs() noexcept nogil:
    """How many jobs this thread has shared since then …"""
    return jobs_shared


cdef int threads_shared() noexcept nogil:
    """… and among how many threads at most."""
    return most_members


def gets_threads():
    """Whether there are other threads to share tasks with, or can be: the system or the runtime may be limited to one."""
    return can_have_helper()


def _before_fork():
    with nogil:
        end_threads_before_fork()


def _after_fork_in_child():
    forget_sleepers()


begin_budget()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
