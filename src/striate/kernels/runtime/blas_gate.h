/* The gate before OpenBLAS: it lets in as many calls at a time as OpenBLAS has buffers.
 *
 * OpenBLAS takes a buffer for each call that is under way, keeps it for later calls, and ends the process if the system has
 * no memory for another one. So it is never let to ask: calls beyond the number of its buffers wait here. Whoever has to
 * wait first has another buffer made, when no call is under way, if memory for it can be had. The first is made when striate
 * is imported.
 *
 * For small matrices OpenBLAS allocates memory besides, and writes to it without a look whether it came; and a thread's
 * first call makes its variables of threads. Each such call tries here first whether there is memory. If not, a reserve that
 * is kept for this alone is given back for the time of the call.
 *
 * OpenBLAS has no function that makes buffers. But a caller may give it threads (`openblas_set_threads_callback_function`):
 * the callback is called when the call already has its buffer, and a call from within the callback takes another one, and so
 * on. In such calls nothing is computed; the callback is taken away again before others may call.
 *
 * A fork waits until no call is under way, and keeps new ones out meanwhile. So the child finds OpenBLAS at rest, and all
 * buffers free.
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

static const size_t BUFFER = (size_t)32 << 20;  /* bytes, on all processors that wheels are for */
static const size_t SPARE = (size_t)32 << 20;   /* bytes that must be left, for stacks and all else */
static const double SPINNING = 20e-6;           /* seconds of waiting awake for other calls to end */
enum { MOST_BUFFERS = 120 };                    /* OpenBLAS has room for 128 in all, and its own thread has one of them */
/* With AVX-512, products of so few multiply-adds, and sums of so many, copy columns that do not fill a vector. */
static const double MOST_COPIED = 1e6;
enum { LEAST_COPIED = 32 };
enum { VECTOR_SIZE = 64 };                      /* bytes */
static const size_t RESERVE = (size_t)9 << 20;  /* bytes: more than such copies can come to */
static const size_t OF_NEW_THREAD = 65536;      /* bytes: more than the variables of a thread take */
/* A matrix of so many rows and columns is one that OpenBLAS takes two threads for; a few rows make it take a buffer. */
enum { MATRIX_ROWS = 512, MATRIX_COLUMNS = 2048, FEW_ROWS = 16 };

static struct {
    blas_functions blas;
    alignas(128) _Atomic int inside;    /* calls under way, and those that only look whether they may be */
    alignas(128) _Atomic int open;      /* how many may be; 0 while buffers are made */
    alignas(128) system_lock lock;      /* of what follows; whoever waits has it */
    int buffers;
    int has_thread;                     /* whether OpenBLAS has started its own thread, which idles */
    double refused;                     /* when the system had no more memory; 0 for never */
    system_lock reserve_lock;           /* whoever needs the reserve has it alone */
    void *reserve;
} gate = {.lock = LOCK_INITIALIZER, .reserve_lock = LOCK_INITIALIZER};

static OF_THREAD int known;                     /* whether the thread has called OpenBLAS before */

static int depth, deepest;
static float *matrix;

static void take_one_more(int rows) {
    /* y += A x, of which OpenBLAS keeps the parts of two threads in the buffer */
    float *x = matrix + (size_t)MATRIX_ROWS * MATRIX_COLUMNS, *y = x + MATRIX_COLUMNS;
    gate.blas.sgemv(101, 111, rows, MATRIX_COLUMNS, 1, matrix, MATRIX_COLUMNS, x, 1, 1, y, 1);
}

static void on_threads(int sync, void (*work)(int, void *, int), int count, size_t size, void *work_of, int more) {
    (void)sync, (void)work, (void)count, (void)size, (void)work_of, (void)more;
    if (++depth < deepest) take_one_more(MATRIX_ROWS);
}

static void do_nothing(void *argument) { (void)argument; }

/* Have `count` buffers made, while no call is under way; return whether that was possible. */
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
        if (!gate.has_thread) {     /* OpenBLAS ends the process if it cannot start its thread */
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
        if (depth < count) count = INT_MAX;     /* a build that does not ask for threads is left to itself */
    }
    free(matrix);
    gate.buffers = count;
    return 1;
}

/* Keep calls out, and wait until those that are under way have ended. `gate.lock` is held. */
static void close_gate(void) {
    spinning state = {0, 0};
    atomic_store(&gate.open, 0);
    while (atomic_load(&gate.inside)) {
        if (!spin(&state, SPINNING)) rest();
    }
}

static void let_calls_in(void) { atomic_store(&gate.open, gate.buffers); }

/* Have buffers made for `count` calls at a time if there are fewer, unless the system had no memory lately. `gate.lock` is held. */
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

/* Make sure that there is memory for what a call allocates; return whether the reserve was given for that. */
static inline int give_reserve(int32_t m, int32_t n, int32_t k, size_t item) {
    size_t bytes = (size_t)n % (VECTOR_SIZE / item) * (size_t)k * item;
    if (k < LEAST_COPIED || (double)m * n * k > MOST_COPIED) bytes = 0;
    if (!known) bytes += OF_NEW_THREAD;
    known = 1;
    if (!bytes || there_is_memory(bytes)) return 0;
    acquire(&gate.reserve_lock);
    while (!gate.reserve && !there_is_memory(bytes)) {
        rest();
        gate.reserve = take_pages(RESERVE);
    }
    void *given = gate.reserve;
    gate.reserve = NULL;    /* first, for a child that is forked in between */
    if (given) give_pages(given, RESERVE);
    return 1;
}

static inline void take_reserve_back(void) {
    gate.reserve = take_pages(RESERVE);
    release(&gate.reserve_lock);
}

static void guarded_sgemm(int32_t order, int32_t op_a, int32_t op_b, int32_t m, int32_t n, int32_t k, float alpha, const float *a,
                          int32_t lda, const float *b, int32_t ldb, float beta, float *c, int32_t ldc) {
    int reserve_given = give_reserve(m, n, k, sizeof *c);
    enter_gate();
    gate.blas.sgemm(order, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    leave_gate();
    if (reserve_given) take_reserve_back();
}

static void guarded_dgemm(int32_t order, int32_t op_a, int32_t op_b, int32_t m, int32_t n, int32_t k, double alpha,
                          const double *a, int32_t lda, const double *b, int32_t ldb, double beta, double *c, int32_t ldc) {
    int reserve_given = give_reserve(m, n, k, sizeof *c);
    enter_gate();
    gate.blas.dgemm(order, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    leave_gate();
    if (reserve_given) take_reserve_back();
}

static void before_fork(void) {
    acquire(&gate.lock);
    close_gate();
    gate.has_thread = 0;    /* OpenBLAS ends its thread before a fork */
}

static void after_fork(void) {
    let_calls_in();
    release(&gate.lock);
}

static void after_fork_in_child(void) {
    gate.lock = (system_lock)LOCK_INITIALIZER;
    gate.reserve_lock = (system_lock)LOCK_INITIALIZER;
    if (!gate.reserve) gate.reserve = take_pages(RESERVE);
    atomic_store(&gate.inside, 0);      /* threads of the parent may just have looked whether they may begin */
    let_calls_in();
}

static int provide(int count) {
    acquire(&gate.lock);
    int provided = provide_buffers(count);
    release(&gate.lock);
    return provided;
}

/* How many buffers there are; waits while more are made. */
static int count_buffers(void) {
    acquire(&gate.lock);
    int count = gate.buffers;
    release(&gate.lock);
    return count;
}

/* Begin; return whether there is a buffer, and the reserve. */
static int open_gate(blas_functions blas) {
    gate.blas = blas;
    gate.reserve = take_pages(RESERVE);
    call_around_fork(before_fork, after_fork, after_fork_in_child);
    return gate.reserve && provide(1);
}

#endif
