"""Sharing tasks among threads: one module, called by all families of kernels, so that threads stay together for all of them."""

cdef extern from "team.h" nogil:
    void share_tasks(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, char *memory,
                     Py_ssize_t memory_of_thread) noexcept
    void run_with_team(void (*body)(void *) noexcept, void *argument, int threads) noexcept
    void forget_shared() noexcept
    Py_ssize_t jobs_shared
    int most_members


cdef void share(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil:
    """Carry tasks out on several threads, each of which takes a unit of neighbouring ones at a time."""
    share_tasks(function, job, tasks, units, threads, <char *>memory, memory_of_thread)


cdef void run_together(void (*body)(void *) noexcept nogil, void *argument, int threads) noexcept nogil:
    """Call ``body``; the threads that it shares jobs with stay together from one job to the next."""
    run_with_team(body, argument, threads)


cdef void begin_counting() noexcept nogil:
    """Count from now on what this thread shares."""
    forget_shared()


cdef Py_ssize_t shared_jobs() noexcept nogil:
    """How many jobs this thread has shared since then …"""
    return jobs_shared


cdef int threads_shared() noexcept nogil:
    """… and among how many threads at most."""
    return most_members
