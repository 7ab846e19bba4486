/* The parallel loop of tasks.pxd.
 *
 * In C, since Cython's `prange` takes and gives back Python's global lock around a parallel region of a `nogil` function, as it
 * cannot know who holds it: with another Python thread at work, each region would wait for that thread, twice.
 */
#ifndef STRIATE_TASKS_H
#define STRIATE_TASKS_H

#include <omp.h>
#include <stddef.h>
#include "denormals.h"

typedef void (*task_function)(const void *job, ptrdiff_t task, void *memory);

static inline void run_serial(task_function function, const void *job, ptrdiff_t tasks, void *memory) {
    float_state before = flush_denormals();
    for (ptrdiff_t task = 0; task < tasks; task++) function(job, task, memory);
    restore_float_state(before);
}

static inline void run_parallel(task_function function, const void *job, ptrdiff_t tasks, int threads, int dynamic, char *memory,
                                ptrdiff_t memory_of_thread) {
    if (threads == 1 || tasks == 1) {
        run_serial(function, job, tasks, memory);
        return;
    }
#pragma omp parallel num_threads(threads)
    {
        float_state before = flush_denormals();
        char *own = memory + omp_get_thread_num() * memory_of_thread;
        ptrdiff_t task;
        if (dynamic) {
#pragma omp for schedule(dynamic)
            for (task = 0; task < tasks; task++) function(job, task, own);
        } else {
#pragma omp for schedule(static)
            for (task = 0; task < tasks; task++) function(job, task, own);
        }
        restore_float_state(before);
    }
}

#endif
