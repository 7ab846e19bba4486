/* Vectors for 8-bit arithmetic: products of small integers summed in 32 bits, and their way back to 8.
 *
 * Inputs are unsigned bytes, weights signed ones. Instructions that multiply and add take neighbouring channels together, a *group*
 * that fills one 32-bit lane: four bytes where the processor has VNNI, elsewhere two 16-bit integers, to which inputs are widened
 * as they are copied and weights as they are packed. All sums are exact, so every instruction set gives the same bits.
 */
#pragma once
#include "simd.h"

#if defined(__AVX512VNNI__)
#define GROUP 4
typedef uint8_t grouped_input;
typedef int8_t grouped_weight;
#else
#define GROUP 2
typedef int16_t grouped_input;
typedef int16_t grouped_weight;
#endif

/* 32-bit sums, loaded at any element's address */
typedef int32_t vsums __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef uint8_t vbytes __attribute__((vector_size(LANES), aligned(1), may_alias));

STRIATE_INLINE vsums vload_sums(const void *p) { return *(const vsums *)p; }
STRIATE_INLINE int32_t load_group(const grouped_input *p) {
    int32_t group;
    memcpy(&group, p, sizeof group);
    return group;
}

/* sums + the products of one group of inputs with a group of weights in each lane */
STRIATE_INLINE vsums vdot(vsums sums, int32_t inputs, const grouped_weight *weights) {
    vsums w = vload_sums(weights);
#if defined(__AVX512VNNI__)
    return (vsums)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(inputs), (__m512i)w);
#elif defined(__AVX512BW__)
    return sums + (vsums)_mm512_madd_epi16(_mm512_set1_epi32(inputs), (__m512i)w);
#elif defined(__AVX2__)
    return sums + (vsums)_mm256_madd_epi16(_mm256_set1_epi32(inputs), (__m256i)w);
#elif defined(__SSE2__)
    return sums + (vsums)_mm_madd_epi16(_mm_set1_epi32(inputs), (__m128i)w);
#else
    int32_t low = (int16_t)inputs, high = inputs >> 16;
    return sums + low * ((w << 16) >> 16) + high * (w >> 16);
#endif
}

STRIATE_INLINE vreal vto_real(vsums a) { return __builtin_convertvector(a, vreal); }

/* The nearest integers, halves to even, of |a| < 2^22: to add 1.5 * 2^23 leaves no bits for a fraction */
#define ROUNDER 12582912.0f
STRIATE_INLINE vsums vround(vreal a) { return (vsums)(a + ROUNDER) - (vsums)vset(ROUNDER); }

/* a within low and high; NaN becomes low. That it stands between a product and a sum keeps compilers from fusing the two, which
 * would round once instead of twice. */
STRIATE_INLINE vreal vclamp(vreal a, real low, real high) {
    vreal above = vselect((vint)(a > vset(low)), a, vset(low));
    return vselect((vint)(above < vset(high)), above, vset(high));
}
STRIATE_INLINE vsums vclamp_sums(vsums a, int32_t low, int32_t high) {
    vsums lowest = (vsums){0} + low, highest = (vsums){0} + high;
    a = (vsums)viselect((vint)(a > lowest), (vint)a, (vint)lowest);
    return (vsums)viselect((vint)(a < highest), (vint)a, (vint)highest);
}
STRIATE_INLINE vsums vset_sums(int32_t a) { return (vsums){0} + a; }
STRIATE_INLINE vsums vhalve_rounded(vsums a, int bits) { return (a + (1 << (bits - 1))) >> bits; }

/* The first n lanes, of which the others are zero, or left as they were in memory */
STRIATE_INLINE vsums vload_bytes(const uint8_t *p, int n) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    return (vsums)_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8((__mmask16)((1u << n) - 1), p));
#else
    vbytes bytes = {0};
    if (n == LANES) memcpy(&bytes, p, LANES);
    else memcpy(&bytes, p, n);
    return __builtin_convertvector(bytes, vsums);
#endif
}
STRIATE_INLINE void vstore_bytes(uint8_t *p, vsums a, int n) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    _mm512_mask_cvtepi32_storeu_epi8(p, (__mmask16)((1u << n) - 1), (__m512i)a);
#else
    vbytes bytes = __builtin_convertvector(a, vbytes);
    if (n == LANES) memcpy(p, &bytes, LANES);
    else memcpy(p, &bytes, n);
#endif
}
