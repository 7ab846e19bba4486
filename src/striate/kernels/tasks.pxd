"""The one parallel loop of the kernels: tasks on threads, each with working memory of its own, denormals flushed to zero.

A task is told by its number what to compute, whichever thread it falls to, so that results do not depend on threads. Static
schedules give each thread an equal range of tasks, dynamic ones the next task to whoever is ready.

The state of floating-point arithmetic belongs to a thread and to whoever else uses it: each thread restores what it found. The
compiler cannot move a task's arithmetic out of the bracket, since it does not see through the pointer to the task.
"""

cdef extern from "tasks.h" nogil:
    # `job` is what all tasks share; `memory` begins at the thread's own.
    ctypedef void (*task_function)(const void *job, Py_ssize_t task, void *memory) noexcept
    void run_serial(task_function function, const void *job, Py_ssize_t tasks, void *memory) noexcept
    void run_parallel(task_function function, const void *job, Py_ssize_t tasks, int threads, bint dynamic, char *memory,
                      Py_ssize_t memory_of_thread) noexcept


cdef inline void run_static(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                            Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    run_parallel(function, job, tasks, threads, False, <char *>memory, memory_of_thread)


cdef inline void run_dynamic(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                             Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    run_parallel(function, job, tasks, threads, True, <char *>memory, memory_of_thread)
