/* Vectors for 8-bit arithmetic: products of small integers summed in 32 bits, and their way back to 8.
 *
 * Inputs are unsigned bytes, weights signed ones. Instructions that multiply and add take neighbouring channels together, a
 * *group* that fills one 32-bit lane: four bytes where the processor has VNNI, elsewhere two 16-bit integers, to which inputs
 * are widened as they are copied and weights as they are packed. All sums are exact, and compilers are
 * told not to fuse the few operations on floats behind them, so every instruction set gives the same bits.
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

/* Matrix tiles (AMX): registers of 16 rows by 64 bytes, whose product adds 16 by 16 sums of 64 products each. Where there are
 * none, nothing below is ever called. */
#if defined(__AMX_INT8__)
#define MATRIX_TILES 1
#define tile_load(tile, base, stride) _tile_loadd(tile, base, stride)
#define tile_store(tile, base, stride) _tile_stored(tile, base, stride)
#define tile_multiply(sums, inputs, weights) _tile_dpbusd(sums, inputs, weights)
#define tile_release() _tile_release()
#else
#define MATRIX_TILES 0
#define tile_load(tile, base, stride) ((void)(base), (void)(stride))
#define tile_store(tile, base, stride) ((void)(base), (void)(stride))
#define tile_multiply(sums, inputs, weights) ((void)0)
#define tile_release() ((void)0)
#endif
#define MATRIX_ROWS 16
#define MATRIX_DEPTH 64

/* What channels of a run are filled up to with weights of zero */
#define RUN_UNIT (MATRIX_TILES ? MATRIX_DEPTH : GROUP)

/* Tiles 0 to 3 hold sums and 4 and 5 inputs, of so many rows; 6 and 7 hold weights */
STRIATE_INLINE void configure_matrix_tiles(int rows) {
#if MATRIX_TILES
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = MATRIX_DEPTH;
        configuration.rows[tile] = tile < 6 ? rows : MATRIX_ROWS;
    }
    _tile_loadconfig(&configuration);
#endif
}

/* 32-bit sums, loaded at any element's address */
typedef int32_t vsums __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef uint8_t vbytes __attribute__((vector_size(LANES), aligned(1), may_alias));

STRIATE_INLINE vsums vload_sums(const void *p) { return *(const vsums *)p; }
STRIATE_INLINE void vstore_sums(void *p, vsums a) { *(vsums *)p = a; }
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

STRIATE_INLINE vsums vset_sums(int32_t a) { return (vsums){0} + a; }
STRIATE_INLINE vreal vto_real(vsums a) { return __builtin_convertvector(a, vreal); }

/* a within low and high; NaN becomes low */
STRIATE_INLINE vreal vclamp(vreal a, real low, real high) {
    a = vlarger(a, vset(low));
#if defined(__AVX512F__)
    return (vreal)_mm512_min_ps((__m512)a, (__m512)vset(high));
#elif defined(__AVX__)
    return (vreal)_mm256_min_ps((__m256)a, (__m256)vset(high));
#else
    return vselect((vint)(a < vset(high)), a, vset(high));
#endif
}

/* The integer nearest to a + zero, halves to even, in the lowest byte of each lane: 1.5 * 2^23 leaves no bits for a fraction */
STRIATE_INLINE vsums vround_to_bytes(vreal a, int32_t zero) { return (vsums)(a + (12582912.0f + zero)); }

/* The first n lanes, of which the others are zero; and the lowest bytes of the first n */
STRIATE_INLINE vsums vload_bytes(const uint8_t *p, int n) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    if (n < LANES) return (vsums)_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8((__mmask16)((1u << n) - 1), p));
    return (vsums)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p));
#else
    vbytes bytes = {0};
    if (n == LANES) memcpy(&bytes, p, LANES);
    else memcpy(&bytes, p, n);
    return __builtin_convertvector(bytes, vsums);
#endif
}
STRIATE_INLINE void vstore_bytes(uint8_t *p, vsums a, int n) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    __m128i bytes = _mm512_cvtepi32_epi8((__m512i)a);
    if (n < LANES) _mm_mask_storeu_epi8(p, (__mmask16)((1u << n) - 1), bytes);
    else _mm_storeu_si128((__m128i *)p, bytes);
#else
    vbytes bytes = __builtin_convertvector(a, vbytes);
    if (n == LANES) memcpy(p, &bytes, LANES);
    else memcpy(p, &bytes, n);
#endif
}
