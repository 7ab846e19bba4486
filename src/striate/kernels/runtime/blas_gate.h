/* The gate to OpenBLAS: it admits as many calls at a time as OpenBLAS has buffers.
 *
 * OpenBLAS uses a buffer for each call in progress, keeps it for later calls, and ends the process if the system has no memory
 * for another one. Therefore it must never have to allocate one during a call: calls beyond the number of its buffers wait
 * here. The first call that has to wait makes OpenBLAS allocate another buffer, at a moment when no call is in progress, and
 * only if there is memory for it. The first buffer is allocated when striate is imported.
 *
 * For small matrices OpenBLAS allocates further memory, and writes to it without checking that it got any; and the first call
 * of a thread allocates thread-local variables. Each such call first checks here that there is memory. If there is none, a
 * reserve that is kept for this purpose is freed for the duration of the call.
 *
 * OpenBLAS has no function that allocates buffers. But a caller may provide it with threads by
 * `openblas_set_threads_callback_function`. The callback runs when its call already has a buffer, and a call from within the
 * callback takes another one, and so on. These nested calls compute nothing, and the callback is removed before other calls are
 * admitted.
 *
 * A fork waits until no call is in progress, and meanwhile keeps new ones out. So in the child, OpenBLAS is at rest and all
 * buffers are free.
 */
#ifndef STRIATE_BLAS_GATE_H
#define STRIATE_BLAS_GATE_H

#include <limits.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include "system.h"
#include "parking.h"

typedef void (*sgemm_function)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, float, const float *, int32_t, const float *,
                               int32_t, float, float *, int32_t);
typedef void (*dgemm_function)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, double, const double *, int32_t,
                               const double *, int32_t, double, double *, int32_t);
typedef void (*sgemv_function)(int32_t, int32_t, int32_t, int32_t, float, const float *, int32_t, const float *, int32_t, float,
                               float *, int32_t);
typedef void (*threads_callback)(int sync, void (*work)(int, void *, int), int count, size_t size, void *work_of, int more);

typedef struct {
    sgemm_function sgemm;
    dgemm_function dgemm;
    sgemv_function sgemv;
    void (*set_threads)(int);
    void (*set_callback)(threads_callback);
} blas_functions;

static const size_t BUFFER = (size_t)32 << 20;  /* bytes of a buffer, on all processors for which there are wheels */
static const size_t SPARE = (size_t)32 << 20;   /* bytes that must be left for stacks and everything else */
static const double SPINNING = 20e-6;           /* seconds for which a thread spins while it waits for other calls to end */
enum { MOST_BUFFERS = 120 };                    /* OpenBLAS has room for 128 buffers in all, and its own thread uses one */
/* With AVX-512, OpenBLAS allocates copies of the columns that do not fill a vector, if the product takes at most MOST_COPIED
 * multiply-adds, and each of its sums at least LEAST_COPIED. */
static const double MOST_COPIED = 1e6;
enum { LEAST_COPIED = 32 };
enum { VECTOR_SIZE = 64 };                      /* bytes of an AVX-512 vector */
static const size_t RESERVE = (size_t)9 << 20;  /* bytes, more than the largest of these copies */
static const size_t THREAD_LOCAL_BYTES = 65536;      /* bytes, more than the thread-local variables of a thread */
/* OpenBLAS uses two threads for a matrix with MATRIX_ROWS rows and MATRIX_COLUMNS columns. With FEW_ROWS rows it uses one
 * thread, but a buffer, too. */
enum { MATRIX_ROWS = 512, MATRIX_COLUMNS = 2048, FEW_ROWS = 16 };

static struct {
    blas_functions blas;
    alignas(128) _Atomic int inside;    /* the number of calls in progress, and of calls that check whether they may begin */
    alignas(128) _Atomic int open;      /* the number of calls that may be in progress; 0 while buffers are allocated */
    alignas(128) system_lock lock;      /* guards the next three fields; a call that waits holds it */
    int buffers;                        /* the number of OpenBLAS's buffers */
    int has_thread;                     /* whether OpenBLAS has started its own thread, which idles */
    double refused;                     /* the time when the system had no more memory; 0 for never */
    system_lock reserve_lock;           /* held by the one call that uses the reserve */
    void *reserve;                      /* RESERVE bytes, or NULL while a call uses them */
} gate = {.lock = LOCK_INITIALIZER, .reserve_lock = LOCK_INITIALIZER};

static THREAD_LOCAL int known;                     /* whether the thread has called OpenBLAS before */

static int depth, deepest;                      /* the number of nested calls, and the number that is wanted */
static float *matrix;                           /* the operand of these calls, followed by their vectors x and y */

static void take_one_more(int rows) {
    /* y += A x, for which OpenBLAS keeps a partial result of each of two threads in the buffer */
    float *x = matrix + (size_t)MATRIX_ROWS * MATRIX_COLUMNS, *y = x + MATRIX_COLUMNS;
    gate.blas.sgemv(101, 111, rows, MATRIX_COLUMNS, 1, matrix, MATRIX_COLUMNS, x, 1, 1, y, 1);
}

static void on_threads(int sync, void (*work)(int, void *, int), int count, size_t size, void *work_of, int more) {
    (void)sync, (void)work, (void)count, (void)size, (void)work_of, (void)more;
    if (++depth < deepest) take_one_more(MATRIX_ROWS);
}

static void do_nothing(void *argument) { (void)argument; }

/* Make OpenBLAS allocate buffers until it has `count`, while no call is in progress; return whether that was possible. */
static int make_buffers(int count) {
    size_t needed = (size_t)(count - gate.buffers + (count > 1 && !gate.has_thread)) * BUFFER + SPARE;
    system_thread tried;
    void *pages = take_pages(needed);
    if (!pages) return 0;
    give_pages(pages, needed);
    if (!(matrix = calloc((size_t)MATRIX_ROWS * MATRIX_COLUMNS + MATRIX_ROWS + MATRIX_COLUMNS, sizeof *matrix))) return 0;
    if (count == 1) {
        take_one_more(FEW_ROWS);
    } else {
        if (!gate.has_thread) {     /* OpenBLAS ends the process if it cannot start its thread, so one is started on trial. */
            if (!start_thread(&tried, do_nothing, NULL, 0)) {
                free(matrix);
                return 0;
            }
            join_thread(tried);
            gate.has_thread = 1;
        }
        depth = 0, deepest = count;
        gate.blas.set_callback(on_threads);
        gate.blas.set_threads(2);
        take_one_more(MATRIX_ROWS);
        gate.blas.set_threads(1);
        gate.blas.set_callback(NULL);
        if (depth < count) count = INT_MAX;     /* A build that never calls the callback cannot be guarded: all calls pass. */
    }
    free(matrix);
    gate.buffers = count;
    return 1;
}

/* Keep calls out, and wait until those in progress have ended. `gate.lock` must be held. */
static void close_gate(void) {
    spinning state = {0, 0};
    atomic_store(&gate.open, 0);
    while (atomic_load(&gate.inside)) {
        if (!spin(&state, SPINNING)) rest();
    }
}

static void let_calls_in(void) { atomic_store(&gate.open, gate.buffers); }

/* Make sure that there are `count` buffers, and return whether there are. If the system recently had no memory, it is not asked
 * for more. `gate.lock` must be held. */
static int provide_buffers(int count) {
    if (count <= gate.buffers) return 1;
    if (count > MOST_BUFFERS || refused_lately(gate.refused)) return 0;
    close_gate();
    int made = make_buffers(count);
    if (!made) gate.refused = seconds_now();
    let_calls_in();
    return made;
}

/* Wait until another call may begin. */
static void wait_at_gate(void) {
    spinning state = {0, 0};
    acquire(&gate.lock);
    while (!provide_buffers(atomic_load(&gate.inside) + 1)) {
        if (!spin(&state, SPINNING)) rest();
    }
    release(&gate.lock);
}

static inline void enter_gate(void) {
    while (atomic_fetch_add(&gate.inside, 1) >= atomic_load(&gate.open)) {
        atomic_fetch_sub(&gate.inside, 1);
        wait_at_gate();
    }
}

static inline void leave_gate(void) { atomic_fetch_sub_explicit(&gate.inside, 1, memory_order_release); }

/* Make sure that there is memory for what a call allocates; return whether the reserve was freed for that. */
static inline int free_reserve(int32_t m, int32_t n, int32_t k, size_t item) {
    size_t bytes = (size_t)n % (VECTOR_SIZE / item) * (size_t)k * item;
    if (k < LEAST_COPIED || (double)m * n * k > MOST_COPIED) bytes = 0;
    if (!known) bytes += THREAD_LOCAL_BYTES;
    known = 1;
    if (!bytes || there_is_memory(bytes)) return 0;
    acquire(&gate.reserve_lock);
    while (!gate.reserve && !there_is_memory(bytes)) {
        rest();
        gate.reserve = take_pages(RESERVE);
    }
    void *given = gate.reserve;
    gate.reserve = NULL;    /* A child that is forked before the pages are freed must not use them. */
    if (given) give_pages(given, RESERVE);
    return 1;
}

static inline void take_reserve_back(void) {
    gate.reserve = take_pages(RESERVE);
    release(&gate.reserve_lock);
}

static void guarded_sgemm(int32_t order, int32_t op_a, int32_t op_b, int32_t m, int32_t n, int32_t k, float alpha, const float *a,
                          int32_t lda, const float *b, int32_t ldb, float beta, float *c, int32_t ldc) {
    int reserve_given = free_reserve(m, n, k, sizeof *c);
    enter_gate();
    gate.blas.sgemm(order, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    leave_gate();
    if (reserve_given) take_reserve_back();
}

static void guarded_dgemm(int32_t order, int32_t op_a, int32_t op_b, int32_t m, int32_t n, int32_t k, double alpha,
                          const double *a, int32_t lda, const double *b, int32_t ldb, double beta, double *c, int32_t ldc) {
    int reserve_given = free_reserve(m, n, k, sizeof *c);
    enter_gate();
    gate.blas.dgemm(order, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    leave_gate();
    if (reserve_given) take_reserve_back();
}

static void before_fork(void) {
    acquire(&gate.lock);
    close_gate();
    gate.has_thread = 0;    /* OpenBLAS ends its thread before a fork. */
}

static void after_fork(void) {
    let_calls_in();
    release(&gate.lock);
}

static void after_fork_in_child(void) {
    gate.lock = (system_lock)LOCK_INITIALIZER;
    gate.reserve_lock = (system_lock)LOCK_INITIALIZER;
    if (!gate.reserve) gate.reserve = take_pages(RESERVE);
    atomic_store(&gate.inside, 0);      /* At the fork, threads of the parent may have been checking whether they may begin. */
    let_calls_in();
}

static int provide(int count) {
    acquire(&gate.lock);
    int provided = provide_buffers(count);
    release(&gate.lock);
    return provided;
}

/* The number of buffers, after waiting for any that are being allocated. */
static int count_buffers(void) {
    acquire(&gate.lock);
    int count = gate.buffers;
    release(&gate.lock);
    return count;
}

/* Open the gate to these functions; return whether the first buffer and the reserve could be allocated. */
static int open_gate(blas_functions blas) {
    gate.blas = blas;
    gate.reserve = take_pages(RESERVE);
    call_around_fork(before_fork, after_fork, after_fork_in_child);
    return gate.reserve && provide(1);
}

#endif
