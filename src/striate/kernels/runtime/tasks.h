/* The type of tasks, and their execution on one thread: see tasks.pxd. */
#ifndef STRIATE_TASKS_H
#define STRIATE_TASKS_H

#include <stddef.h>
#include "denormals.h"

typedef void (*task_function)(const void *job, ptrdiff_t task, void *memory);

static inline void run_serial(task_function function, const void *job, ptrdiff_t tasks, void *memory) {
    float_state before = flush_denormals();
    for (ptrdiff_t task = 0; task < tasks; task++) function(job, task, memory);
    restore_float_state(before);
}

#endif
