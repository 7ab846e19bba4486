"""The one parallel loop of the kernels: tasks on threads, each with working memory of its own, denormals flushed to zero.

A task is told by its number what to compute, whichever thread it falls to, so that results do not depend on threads.
`run_static` gives out as many equal ranges of tasks as there are threads, `run_dynamic` one task at a time; tasks.pyx has the
loop itself.

The caller decides how large a task is: sums are split by shape alone; for all else that is cut, to fit into a cache or to have
tasks for all threads, `unless_finest` is asked.

The state of floating-point arithmetic belongs to a thread and to whoever else uses it: each thread restores what it found. The
compiler cannot move a task's arithmetic out of the bracket, since it does not see through the pointer to the task.
"""

from libc.string cimport memset

cdef extern from "tasks.h" nogil:
    # `job` is what all tasks share; `memory` is the thread's own.
    ctypedef void (*task_function)(const void *job, Py_ssize_t task, void *memory) noexcept
    void run_serial(task_function function, const void *job, Py_ssize_t tasks, void *memory) noexcept

cdef enum:
    CHUNK = 4096            # elements of a task where each takes a few operations, so that a task is worth taking
    TASKS_PER_THREAD = 4    # of unequal tasks: enough for `run_dynamic` to even out the load
    POISON = 0xFF           # of all bytes: a number that is NaN, an index that is nowhere
    MOST_THREADS = 1024     # OpenMP ends the process if it cannot start as many as it is asked for

# Of tasks.pyx: in one module, since all families must find the same team of the calling thread
cdef bint finest        # whether tasks are the smallest that there can be, and shared whatever their number: for tests
cdef void share(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil
cdef void share_finest(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                       Py_ssize_t memory_of_thread) noexcept nogil
cdef void run_with_team(void (*body)(void *) noexcept nogil, void *arguments, int threads) noexcept
cdef void begin_counting() noexcept nogil
cdef int threads_shared() noexcept nogil


cdef inline Py_ssize_t unless_finest(Py_ssize_t best, Py_ssize_t finest_choice) noexcept nogil:
    """The size or number of blocks that is best, or that makes the most tasks; neither may change a bit of the result."""
    return finest_choice if finest else best


cdef inline void poison(void *memory, size_t size) noexcept nogil:
    """Of working memory, for tests to see whether anything is read before it is written."""
    memset(memory, POISON, size)


cdef inline void run_shared(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads,
                            void *memory, Py_ssize_t memory_of_thread) noexcept nogil:
    """Run ``tasks`` in ``units`` that threads take one by one; ``memory_of_thread`` counts bytes."""
    if finest:
        share_finest(function, job, tasks, threads, memory, memory_of_thread)
    elif threads == 1 or tasks <= 1:
        run_serial(function, job, tasks, memory)
    else:
        share(function, job, tasks, units, threads, memory, memory_of_thread)


cdef inline void run_static(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                            Py_ssize_t memory_of_thread) noexcept nogil:
    run_shared(function, job, tasks, min(<Py_ssize_t>threads, tasks), threads, memory, memory_of_thread)


cdef inline void run_dynamic(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                             Py_ssize_t memory_of_thread) noexcept nogil:
    run_shared(function, job, tasks, tasks, threads, memory, memory_of_thread)
