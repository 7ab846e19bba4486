/* Vectors of bytes beside those of reals, for filters of images: what Cython cannot express of them. */
#pragma once
#include "simd.h"

typedef uint8_t vbytes __attribute__((vector_size(VECTOR_BYTES), aligned(1), may_alias));
typedef uint16_t vhalves __attribute__((vector_size(VECTOR_BYTES), aligned(1), may_alias));

/* The smaller of a and b, lane by lane, or NaN where either is NaN */
STRIATE_INLINE vreal vminimum(vreal a, vreal b) { return vunless_nan(a, vmin_or_second(a, b)); }
STRIATE_INLINE vint vis_nan(vreal a) { return (vint)(a != a); }
STRIATE_INLINE vint viless(vint a, vint b) { return (vint)(a < b); }
STRIATE_INLINE vbytes bytes_minimum(vbytes a, vbytes b) {
#if defined(__AVX512BW__)
    return (vbytes)_mm512_min_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (vbytes)_mm256_min_epu8((__m256i)a, (__m256i)b);
#elif defined(__SSE2__) && VECTOR_BYTES == 16 && defined(__x86_64__)
    return (vbytes)_mm_min_epu8((__m128i)a, (__m128i)b);
#else
    vbytes less = (vbytes)(a < b);
    return (less & a) | (~less & b);
#endif
}
STRIATE_INLINE vbytes bytes_maximum(vbytes a, vbytes b) {
#if defined(__AVX512BW__)
    return (vbytes)_mm512_max_epu8((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (vbytes)_mm256_max_epu8((__m256i)a, (__m256i)b);
#elif defined(__SSE2__) && VECTOR_BYTES == 16 && defined(__x86_64__)
    return (vbytes)_mm_max_epu8((__m128i)a, (__m128i)b);
#else
    vbytes less = (vbytes)(a < b);
    return (less & b) | (~less & a);
#endif
}

STRIATE_INLINE vbytes bytes_set(int a) { return (vbytes){0} + (uint8_t)a; }
STRIATE_INLINE vbytes bytes_less(vbytes a, vbytes b) { return (vbytes)(a < b); }
STRIATE_INLINE vhalves halves_at_most(vhalves a, int limit) { return (vhalves)(a <= (vhalves){0} + (uint16_t)limit); }
STRIATE_INLINE vhalves even_bytes(vbytes a) { return (vhalves)a & 0xFF; }
STRIATE_INLINE vhalves odd_bytes(vbytes a) { return (vhalves)a >> 8; }
STRIATE_INLINE vbytes zip_bytes(vhalves even, vhalves odd) { return (vbytes)((even & 0xFF) | (odd << 8)); }
STRIATE_INLINE vhalves halves_set(int a) { return (vhalves){0} + (uint16_t)a; }

/* a multiplier / 2^(16 + shift), rounded down */
STRIATE_INLINE vhalves divide_halves(vhalves a, int multiplier, int shift) {
#if defined(__AVX512BW__)
    return (vhalves)_mm512_mulhi_epu16((__m512i)a, (__m512i)halves_set(multiplier)) >> shift;
#elif defined(__AVX2__)
    return (vhalves)_mm256_mulhi_epu16((__m256i)a, (__m256i)halves_set(multiplier)) >> shift;
#elif defined(__SSE2__) && VECTOR_BYTES == 16 && defined(__x86_64__)
    return (vhalves)_mm_mulhi_epu16((__m128i)a, (__m128i)halves_set(multiplier)) >> shift;
#else
    for (int i = 0; i < VECTOR_BYTES / 2; i++) a[i] = (uint16_t)((uint32_t)a[i] * (uint32_t)multiplier >> 16);
    return a >> shift;
#endif
}

/* Load half a vector of bytes as integers of 16 bits; store the first n of such integers, up to 255, as bytes. */
typedef uint8_t vhalfbytes __attribute__((vector_size(VECTOR_BYTES / 2), aligned(1), may_alias));
STRIATE_INLINE vhalves vload_halves(const uint8_t *p) {
#if defined(__AVX512BW__)
    return (vhalves)_mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)p));
#elif defined(__AVX2__)
    return (vhalves)_mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p));
#else
    return __builtin_convertvector(*(const vhalfbytes *)p, vhalves);
#endif
}
STRIATE_INLINE void vstore_halves(uint8_t *p, vhalves a, int n) {
    vhalfbytes bytes = __builtin_convertvector(a, vhalfbytes);
    if (n == VECTOR_BYTES / 2) *(vhalfbytes *)p = bytes;
    else {
        vhalfbytes last = bytes;  /* A copy, since a variable whose address is taken would be written to memory in every pass. */
        memcpy(p, &last, n);
    }
}

/* Bytes to reals, and reals to the nearest bytes, halves to even, and NaN to 0. There are no bytes beside float64. */
#if STRIATE_REAL_IS_DOUBLE
STRIATE_INLINE vreal vload_bytes(const uint8_t *p, int n) { return (void)p, (void)n, (vreal){0}; }
STRIATE_INLINE void vstore_bytes(uint8_t *p, vreal a, int n) { (void)p, (void)a, (void)n; }
#else
#define STRIATE_BFLOAT16 0
#include "low_precision.h"
STRIATE_INLINE vreal vload_bytes(const uint8_t *p, int n) { return vload_stored(p, 0, n); }
STRIATE_INLINE void vstore_bytes(uint8_t *p, vreal a, int n) { vstore_rounded(p, vclamp(a, 0, 255), 0, n); }
#endif
