/* Denormals: numbers below the normal range, with which processors compute about a hundred times slower. Between calls of the
 * two functions below they count as zero, and results that small become zero. `flush_denormals` returns the floating-point
 * state that it found, for `restore_float_state`.
 */
#ifndef STRIATE_DENORMALS_H
#define STRIATE_DENORMALS_H

#include <stdint.h>

#if defined(__SSE2__) || defined(_M_X64)

#include <immintrin.h>

typedef unsigned int float_state;

static inline float_state flush_denormals(void) {
    float_state before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);    /* flush to zero, denormals are zero */
    return before;
}
static inline void restore_float_state(float_state before) { _mm_setcsr(before); }

#elif defined(__aarch64__)

typedef uint64_t float_state;

static inline void restore_float_state(float_state before) { __asm__ __volatile__("msr fpcr, %0" : : "r"(before) : "memory"); }
static inline float_state flush_denormals(void) {
    float_state before;
    __asm__ __volatile__("mrs %0, fpcr" : "=r"(before) : : "memory");
    restore_float_state(before | (1u << 24));       /* FZ, which flushes inputs and results */
    return before;
}

#else

typedef int float_state;

static inline float_state flush_denormals(void) { return 0; }
static inline void restore_float_state(float_state before) { (void)before; }

#endif

#endif
