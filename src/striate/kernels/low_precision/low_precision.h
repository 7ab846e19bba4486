/* Vectors for low precision: products of 8-bit integers, summed in 32 bits, or of bfloat16 numbers, summed in float32, and the
 * conversion between sums and stored elements.
 *
 * 8-bit integers: inputs are unsigned bytes, and weights are signed. All sums are exact, and compilers are told not to fuse the
 * few floating-point operations that follow, so every instruction set gives the same bits.
 *
 * bfloat16 (STRIATE_BFLOAT16): inputs, weights and outputs are the upper halves of float32 numbers, rounded to the nearest,
 * halves to even.
 *
 * The instructions that multiply and add take a *group* of neighbouring channels, which fills one 32-bit lane: four bytes if
 * the processor has VNNI; otherwise two 16-bit integers, to which inputs are widened when they are copied, and weights when
 * they are packed; or two bfloat16 numbers.
 */
#pragma once
#include "simd.h"

#if STRIATE_BFLOAT16
#define GROUP 2
typedef uint16_t element;
typedef uint16_t weight;
typedef uint16_t grouped_input;
typedef uint16_t grouped_weight;
typedef float sum_type;
typedef vreal vsums;
#elif defined(__AVX512VNNI__)
#define GROUP 4
typedef uint8_t element;
typedef int8_t weight;
typedef uint8_t grouped_input;
typedef int8_t grouped_weight;
typedef int32_t sum_type;
#else
#define GROUP 2
typedef uint8_t element;
typedef int8_t weight;
typedef int16_t grouped_input;
typedef int16_t grouped_weight;
typedef int32_t sum_type;
#endif

/* Matrix tiles (AMX): registers of 16 rows by 64 bytes. A multiplication adds 64 products, or 32 of bfloat16, to each of 16 by
 * 16 sums. Without AMX, these functions are never called. */
#if (defined(__AMX_INT8__) && !STRIATE_BFLOAT16) || (defined(__AMX_BF16__) && STRIATE_BFLOAT16)
#define MATRIX_TILES 1
#define tile_load(tile, base, stride) _tile_loadd(tile, base, stride)
#define tile_store(tile, base, stride) _tile_stored(tile, base, stride)
#if STRIATE_BFLOAT16
#define tile_multiply(sums, inputs, weights) _tile_dpbf16ps(sums, inputs, weights)
#else
#define tile_multiply(sums, inputs, weights) _tile_dpbusd(sums, inputs, weights)
#endif
#define tile_release() _tile_release()
#else
#define MATRIX_TILES 0
#define tile_load(tile, base, stride) ((void)(base), (void)(stride))
#define tile_store(tile, base, stride) ((void)(base), (void)(stride))
#define tile_multiply(sums, inputs, weights) ((void)0)
#define tile_release() ((void)0)
#endif
#define MATRIX_ROWS 16
#define MATRIX_BYTES 64

/* The unit to which the channels of a run are rounded up, with weights of zero */
#define RUN_UNIT (MATRIX_TILES ? MATRIX_BYTES / (int)sizeof(element) : GROUP)

/* Tiles 0 to 3 hold sums, and tiles 4 and 5 inputs, each with `rows` rows. Tiles 6 and 7 hold weights. */
STRIATE_INLINE void configure_matrix_tiles(int rows) {
#if MATRIX_TILES
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = MATRIX_BYTES;
        configuration.rows[tile] = tile < 6 ? rows : MATRIX_ROWS;
    }
    _tile_loadconfig(&configuration);
#endif
}

#if !STRIATE_BFLOAT16
typedef int32_t vsums __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
#endif
/* A vector of 32-bit lanes, which is loaded from any element's address */
typedef int32_t vlanes __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));

/* p, which the compiler takes for unknown from here on */
STRIATE_INLINE const void *hidden(const void *p) {
    __asm__ volatile("" : "+r"(p));
    return p;
}

STRIATE_INLINE vsums vload_sums(const void *p) { return *(const vsums *)p; }
STRIATE_INLINE void vstore_sums(void *p, vsums a) { *(vsums *)p = a; }
STRIATE_INLINE int32_t load_group(const grouped_input *p) {
    int32_t group;
    memcpy(&group, p, sizeof group);
    return group;
}

typedef element velements __attribute__((vector_size(LANES * sizeof(element)), aligned(1), may_alias));

/* Elements as integers, and the lowest bits of integers. GCC converts vectors of such different sizes one by one. */
STRIATE_INLINE vlanes vwiden(velements a) {
#if defined(__AVX512F__) && STRIATE_BFLOAT16
    return (vlanes)_mm512_cvtepu16_epi32((__m256i)a);
#elif defined(__AVX512F__)
    return (vlanes)_mm512_cvtepu8_epi32((__m128i)a);
#elif defined(__AVX2__) && STRIATE_BFLOAT16
    return (vlanes)_mm256_cvtepu16_epi32((__m128i)a);
#elif defined(__AVX2__)
    return (vlanes)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)a));
#else
    return __builtin_convertvector(a, vlanes);
#endif
}
STRIATE_INLINE velements vnarrowed(vlanes a) {
#if defined(__AVX512F__) && STRIATE_BFLOAT16
    return (velements)_mm512_cvtepi32_epi16((__m512i)a);
#elif defined(__AVX512F__)
    return (velements)_mm512_cvtepi32_epi8((__m512i)a);
#elif defined(__AVX2__) && STRIATE_BFLOAT16
    __m256i halves = _mm256_shuffle_epi8((__m256i)a, _mm256_set1_epi64x(0x0D0C090805040100));
    return (velements)_mm256_castsi256_si128(_mm256_permute4x64_epi64(halves, 0x08));
#elif defined(__AVX2__)
    __m256i bytes = _mm256_shuffle_epi8((__m256i)a, _mm256_set1_epi32(0x0C080400));
    return (velements)_mm_cvtsi128_si64(_mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)));
#else
    return __builtin_convertvector(a, velements);
#endif
}

/* Weights as they are multiplied with single elements, not groups of them: in 32 bits */
#if STRIATE_BFLOAT16
STRIATE_INLINE float widened_weight(weight a) {
    uint32_t bits = (uint32_t)a << 16;
    float wide;
    memcpy(&wide, &bits, sizeof wide);
    return wide;
}
#else
STRIATE_INLINE int32_t widened_weight(weight a) { return a; }
#endif

/* Load the first n elements as integers, with zeros in the other lanes; store the lowest bits of the first n lanes. */
STRIATE_INLINE vlanes vload_elements(const element *p, int n) {
    if (n == LANES) return vwiden(*(const velements *)p);
#if defined(__AVX512BW__) && defined(__AVX512VL__) && STRIATE_BFLOAT16
    return vwiden((velements)_mm256_maskz_loadu_epi16((__mmask16)((1u << n) - 1), p));
#elif defined(__AVX512BW__) && defined(__AVX512VL__)
    return vwiden((velements)_mm_maskz_loadu_epi8((__mmask16)((1u << n) - 1), p));
#else
    velements first = {0};
    memcpy(&first, p, n * sizeof(element));
    return vwiden(first);
#endif
}
STRIATE_INLINE void vstore_elements(element *p, vlanes a, int n) {
    velements elements = vnarrowed(a);
    if (n == LANES) {
        *(velements *)p = elements;
        return;
    }
#if defined(__AVX512BW__) && defined(__AVX512VL__) && STRIATE_BFLOAT16
    _mm256_mask_storeu_epi16(p, (__mmask16)((1u << n) - 1), (__m256i)elements);
#elif defined(__AVX512BW__) && defined(__AVX512VL__)
    _mm_mask_storeu_epi8(p, (__mmask16)((1u << n) - 1), (__m128i)elements);
#else
    velements first = elements; /* A copy, since a variable whose address is taken would be written to memory in every pass. */
    memcpy(p, &first, n * sizeof(element));
#endif
}

STRIATE_INLINE vlanes vset_elements(int32_t a) { return (vlanes){0} + a; }

#if STRIATE_BFLOAT16

/* sums + the products of single elements, from `vload_elements` or `vset_elements`, with their own weights */
STRIATE_INLINE vsums vmultiply_add(vsums sums, vlanes elements, vsums weights) { return sums + (vreal)(elements << 16) * weights; }

/* sums + the products of a group of inputs with the group of weights of each lane */
STRIATE_INLINE vsums vdot(vsums sums, int32_t inputs, const grouped_weight *weights) {
    vlanes w = *(const vlanes *)weights;
#if defined(__AVX512BF16__)
    return (vsums)_mm512_dpbf16_ps((__m512)sums, (__m512bh)_mm512_set1_epi32(inputs), (__m512bh)w);
#else
    vreal low = (vreal)((vlanes){0} + (int32_t)((uint32_t)inputs << 16)), high = (vreal)((vlanes){0} + (inputs & ~0xFFFF));
    return sums + low * (vreal)(w << 16) + high * (vreal)(w & ~0xFFFF);
#endif
}


/* Whether `count` elements are finite, which the exponent bits tell */
STRIATE_INLINE int all_finite(const element *p, ptrdiff_t count) {
    element infinite = 0;
    for (ptrdiff_t i = 0; i < count; i++) infinite |= (element)((p[i] & 0x7F80) == 0x7F80);
    return !infinite;
}
STRIATE_INLINE vreal vto_real(vsums a) { return a; }

/* a, but at least low and at most high; NaN stays NaN. */
STRIATE_INLINE vreal vclamp(vreal a, real low, real high) { return vat_most_or_nan(high, vat_least_or_nan(low, a)); }

/* Load stored numbers, and store the nearest numbers. NaN keeps its upper half, and becomes quiet. `zero` is not used. */
STRIATE_INLINE vreal vload_stored(const element *p, int32_t zero, int n) { return (vreal)(vload_elements(p, n) << 16); }
STRIATE_INLINE void vstore_rounded(element *p, vreal a, int32_t zero, int n) { vstore_first_bfloat16(p, a, n); }

STRIATE_INLINE void vstore_clamped(element *p, vreal a, real low, real high, int32_t zero, int n) {
    vstore_rounded(p, vclamp(a, low, high), zero, n);
}

/* The largest element of each channel among `rows` by `columns` pixels, or NaN if one is NaN; `row_step` counts elements. */
STRIATE_INLINE void take_largest(element *out, const element *x, ptrdiff_t rows, ptrdiff_t row_step, ptrdiff_t columns,
                                 ptrdiff_t channels) {
    for (ptrdiff_t i = 0; i < channels; i += LANES) {
        int n = channels - i < LANES ? (int)(channels - i) : LANES;
        vreal largest = vload_stored(x + i, 0, n);
        for (ptrdiff_t r = 0; r < rows; r++)
            for (ptrdiff_t j = 0; j < columns; j++)
                largest = vmaximum(largest, vload_stored(x + i + r * row_step + j * channels, 0, n));
        vstore_elements(out + i, (vlanes)largest >> 16, n);
    }
}

#else

/* The upper bytes of the elements are zero, and so are their products with those of the weights. */
STRIATE_INLINE vsums vmultiply_add(vsums sums, vlanes elements, vsums weights) {
#if defined(__AVX512VNNI__)
    return (vsums)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)elements, (__m512i)weights);
#elif defined(__AVX512BW__)
    return sums + (vsums)_mm512_madd_epi16((__m512i)elements, (__m512i)weights);
#elif defined(__AVX2__)
    return sums + (vsums)_mm256_madd_epi16((__m256i)elements, (__m256i)weights);
#elif defined(__SSE2__) && VECTOR_BYTES == 16 && defined(__x86_64__)
    return sums + (vsums)_mm_madd_epi16((__m128i)elements, (__m128i)weights);
#else
    return sums + elements * weights;
#endif
}

STRIATE_INLINE vsums vdot(vsums sums, int32_t inputs, const grouped_weight *weights) {
    vsums w = vload_sums(weights);
#if defined(__AVX512VNNI__)
    return (vsums)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(inputs), (__m512i)w);
#elif defined(__AVX512BW__)
    return sums + (vsums)_mm512_madd_epi16(_mm512_set1_epi32(inputs), (__m512i)w);
#elif defined(__AVX2__)
    return sums + (vsums)_mm256_madd_epi16(_mm256_set1_epi32(inputs), (__m256i)w);
#elif defined(__SSE2__) && VECTOR_BYTES == 16 && defined(__x86_64__)
    return sums + (vsums)_mm_madd_epi16(_mm_set1_epi32(inputs), (__m128i)w);
#else
    int32_t low = (int16_t)inputs, high = inputs >> 16;
    return sums + low * ((w << 16) >> 16) + high * (w >> 16);
#endif
}

STRIATE_INLINE vsums vset_sums(int32_t a) { return (vsums){0} + a; }
STRIATE_INLINE int all_finite(const element *p, ptrdiff_t count) { return (void)p, (void)count, 1; }
STRIATE_INLINE vreal vto_real(vsums a) { return __builtin_convertvector(a, vreal); }

/* a, but at least low and at most high; NaN becomes low. */
STRIATE_INLINE vreal vclamp(vreal a, real low, real high) { return vat_most_or_nan(high, vmax_or_second(a, vset(low))); }

/* Load stored integers minus zero, and store the integers nearest to a + zero, halves to even: adding 1.5 * 2^23 leaves no bits
 * for a fraction. */
STRIATE_INLINE vreal vload_stored(const element *p, int32_t zero, int n) { return vto_real(vload_elements(p, n) - vset_sums(zero)); }
STRIATE_INLINE void vstore_rounded(element *p, vreal a, int32_t zero, int n) {
    vstore_elements(p, (vlanes)(a + (12582912.0f + zero)), n);
}

/* `vstore_rounded` of `vclamp`. The order of the positive floats that are stored is that of their bits, so that they can also be
 * clamped as integers, for which more of a processor's units have an instruction. */
STRIATE_INLINE void vstore_clamped(element *p, vreal a, real low, real high, int32_t zero, int n) {
#if defined(__AVX512F__)
    vreal to_integer = vset(12582912.0f + zero), shifted = vmax_or_second(a, vset(low)) + to_integer;
    vstore_elements(p, (vlanes)_mm512_min_epi32((__m512i)shifted, (__m512i)(vset(high) + to_integer)), n);
#else
    vstore_rounded(p, vclamp(a, low, high), zero, n);
#endif
}

typedef uint8_t vbytes __attribute__((vector_size(VECTOR_BYTES), aligned(1), may_alias));

/* The largest element of each channel among `rows` by `columns` pixels; `row_step` counts elements. */
STRIATE_INLINE void take_largest(element *out, const element *x, ptrdiff_t rows, ptrdiff_t row_step, ptrdiff_t columns,
                                 ptrdiff_t channels) {
    if (channels < VECTOR_BYTES) {
        memcpy(out, x, channels);
        for (ptrdiff_t r = 0; r < rows; r++)
            for (const element *other = x + r * row_step; other < x + r * row_step + columns * channels; other += channels)
                for (ptrdiff_t i = 0; i < channels; i++) out[i] = other[i] > out[i] ? other[i] : out[i];
        return;
    }
    for (ptrdiff_t done = 0; done < channels; done += VECTOR_BYTES) {
        /* The last vector begins early enough to end with the channels. */
        ptrdiff_t i = done < channels - VECTOR_BYTES ? done : channels - VECTOR_BYTES;
        vbytes largest = *(const vbytes *)(x + i);
        for (ptrdiff_t r = 0; r < rows; r++)
            for (ptrdiff_t j = 0; j < columns; j++) {
                vbytes other = *(const vbytes *)(x + i + r * row_step + j * channels);
                vbytes larger = (vbytes)(other > largest);
                largest = (other & larger) | (largest & ~larger);
            }
        *(vbytes *)(out + i) = largest;
    }
}

#endif

/* Quads of 8-bit integers: see quads.pxi. Without VNNI, these functions are never called. */
#if defined(__AVX512VNNI__) && !STRIATE_BFLOAT16
#define QUADS 1
typedef __m512i vbyte_lanes;
STRIATE_INLINE vbyte_lanes vset_byte_lanes(int32_t a) { return _mm512_set1_epi8((char)a); }
STRIATE_INLINE vbyte_lanes vload_byte_lanes(const element *p, int n) {
    if (n == 64) return _mm512_loadu_si512(p);
    if (n == 32) return _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)p));
    return _mm512_maskz_loadu_epi8(~0ull >> (64 - n), p);
}
#define vzip_bytes_low(a, b) _mm512_unpacklo_epi8(a, b)
#define vzip_bytes_high(a, b) _mm512_unpackhi_epi8(a, b)
#define vzip_pairs_low(a, b) _mm512_unpacklo_epi16(a, b)
#define vzip_pairs_high(a, b) _mm512_unpackhi_epi16(a, b)
STRIATE_INLINE vsums vdot_quads(vsums sums, vbyte_lanes quads, const void *weights) {
    return (vsums)_mm512_dpbusd_epi32((__m512i)sums, quads, (__m512i)vload_sums(weights));
}

/* Store n elements from four vectors of sums, like `vstore_clamped`. Narrowing takes what exceeds the largest byte for it. */
STRIATE_INLINE void vstore_quads(element *p, const vsums *sums, const real *multiplier, real low, real high, int32_t zero, int n) {
    const float to_integer = 12582912.0f + zero, largest = high + to_integer;
    int32_t ceiling;
    memcpy(&ceiling, &largest, sizeof ceiling);
    __m512i integers[4];
    for (int v = 0; v < 4; v++) {
        vreal shifted = vmax_or_second(vto_real(sums[v]) * vload(multiplier + v * LANES), vset(low)) + vset(to_integer);
        integers[v] = _mm512_sub_epi32((__m512i)shifted, _mm512_set1_epi32(0x4B400000));
    }
    __m512i bytes = _mm512_packus_epi16(_mm512_packs_epi32(integers[0], integers[1]), _mm512_packs_epi32(integers[2], integers[3]));
    bytes = _mm512_min_epu8(bytes, _mm512_set1_epi8((char)ceiling));
    if (n == 64) {
        _mm512_storeu_si512(p, bytes);
        return;
    }
    /* Masked stores are slow, so the first 32 and the next 16 bytes are stored as smaller vectors. */
    __m256i half = _mm512_castsi512_si256(bytes);
    if (n & 32) {
        _mm256_storeu_si256((__m256i *)p, half);
        half = _mm512_extracti64x4_epi64(bytes, 1);
        p += 32;
    }
    __m128i quarter = _mm256_castsi256_si128(half);
    if (n & 16) {
        _mm_storeu_si128((__m128i *)p, quarter);
        quarter = _mm256_extracti128_si256(half, 1);
        p += 16;
    }
    if (n & 15) _mm_mask_storeu_epi8(p, (__mmask16)((1u << (n & 15)) - 1), quarter);
}
#else
#define QUADS 0
typedef vlanes vbyte_lanes;
#define vset_byte_lanes(a) vset_elements(a)
#define vload_byte_lanes(p, n) vset_elements(*(p))
#define vzip_bytes_low(a, b) (a)
#define vzip_bytes_high(a, b) (b)
#define vzip_pairs_low(a, b) (a)
#define vzip_pairs_high(a, b) (b)
#define vdot_quads(sums, quads, weights) ((void)(quads), (sums))
#define vstore_quads(p, sums, multiplier, low, high, zero, n) ((void)(sums))
#endif
