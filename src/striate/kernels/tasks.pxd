"""The one parallel loop of the kernels: tasks on threads, each with working memory of its own, denormals flushed to zero.

A task is told by its number what to compute, whichever thread it falls to, so that results do not depend on threads. Static
schedules give each thread an equal range of tasks, dynamic ones the next task to whoever is ready.

The state of floating-point arithmetic belongs to a thread and to whoever else uses it: each thread restores what it found. The
compiler cannot move a task's arithmetic out of the bracket, since it does not see through the pointer to the task.
"""
cimport openmp
from cython.parallel cimport parallel, prange

cdef extern from "denormals.h" nogil:
    ctypedef unsigned long float_state
    float_state flush_denormals() noexcept
    void restore_float_state(float_state before) noexcept

# `job` is what all tasks share; `memory` begins at the thread's own.
ctypedef void (*task_function)(const void *job, Py_ssize_t task, void *memory) noexcept nogil


cdef inline void run_serial(task_function function, const void *job, Py_ssize_t tasks, void *memory) noexcept nogil:
    cdef float_state before = flush_denormals()
    cdef Py_ssize_t task
    for task in range(tasks):
        function(job, task, memory)
    restore_float_state(before)


cdef inline void run_static(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                            Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    cdef float_state before = 0
    cdef Py_ssize_t task
    if threads == 1 or tasks == 1:
        run_serial(function, job, tasks, memory)
        return
    with parallel(num_threads=threads):
        before = flush_denormals()
        for task in prange(tasks, schedule='static'):
            function(job, task, <char *>memory + openmp.omp_get_thread_num() * memory_of_thread)
        restore_float_state(before)


cdef inline void run_dynamic(task_function function, const void *job, Py_ssize_t tasks, int threads, void *memory,
                             Py_ssize_t memory_of_thread) noexcept nogil:
    """``memory_of_thread`` counts bytes."""
    cdef float_state before = 0
    cdef Py_ssize_t task
    if threads == 1 or tasks == 1:
        run_serial(function, job, tasks, memory)
        return
    with parallel(num_threads=threads):
        before = flush_denormals()
        for task in prange(tasks, schedule='dynamic'):
            function(job, task, <char *>memory + openmp.omp_get_thread_num() * memory_of_thread)
        restore_float_state(before)
