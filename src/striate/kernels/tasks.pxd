"""The one parallel loop of the kernels: tasks on threads, each with working memory of its own, denormals flushed to zero.

A task is told by its number what to compute, whichever thread it falls to, so that results do not depend on threads.
`run_static` gives out as many equal ranges of tasks as there are threads, `run_dynamic` one task at a time; team.h has the
loop itself.

The state of floating-point arithmetic belongs to a thread and to whoever else uses it: each thread restores what it found. The
compiler cannot move a task's arithmetic out of the bracket, since it does not see through the pointer to the task.
"""

cdef extern from "tasks.h" nogil:
    # `job` is what all tasks share; `memory` is the thread's own.
    ctypedef void (*task_function)(const void *job, Py_ssize_t task, void *memory) noexcept
    void run_serial(task_function function, const void *job, Py_ssize_t tasks, void *memory) noexcept

# Of tasks.pyx: in one module, since all families must find the same team of the calling thread
cdef void share(task_function function, const void *job, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil
cdef void run_together(void (*body)(void *) noexcept nogil, void *argument, int threads) noexcept nogil
cdef void begin_counting() noexcept nogil
cdef Py_ssize_t shared_jobs() noexcept nogil
cdef int threads_shared() noexcept nogil


cdef inline void run_static(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                            Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    if threads == 1 or tasks <= 1:
        run_serial(function, job, tasks, memory)
    else:
        share(function, job, tasks, min(<Py_ssize_t>threads, tasks), threads, memory, memory_of_thread)


cdef inline void run_dynamic(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                             Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    if threads == 1 or tasks <= 1:
        run_serial(function, job, tasks, memory)
    else:
        share(function, job, tasks, tasks, threads, memory, memory_of_thread)
