/* The vector types, and the few operations on them that Cython cannot express.
 *
 * A kernel source is compiled once for each instruction set (-march=...) and each scalar type (-DSTRIATE_REAL=...).
 * This header turns that choice into three names: `real` (the scalar), `vreal` (a full-width vector of them, which is loaded
 * from and stored to any element's address) and `vint` (signed integers of the same width, the result of a comparison).
 * Arithmetic operators work on vectors as they do on scalars, through the vector extension of GCC and Clang.
 */
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#ifndef STRIATE_REAL
#error "define STRIATE_REAL as float or double"
#endif
#ifndef STRIATE_REAL_IS_DOUBLE
#error "define STRIATE_REAL_IS_DOUBLE as 0 or 1"
#endif

/* The width of a vector register, and the size of a register tile: up to TILE_PIXELS pixels by TILE_VECTORS vectors of output,
 * or NARROW_TILE_PIXELS by one vector. The accumulators, TILE_VECTORS vectors of weights and one broadcast must fit into the
 * register file (32 registers with AVX-512 and NEON, 16 otherwise), and it takes about ten accumulators to hide the latency of
 * an FMA. */
#define TILE_VECTORS 2
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#define TILE_PIXELS 14
#define NARROW_TILE_PIXELS 14
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#define TILE_PIXELS 6
#define NARROW_TILE_PIXELS 12
#elif defined(__aarch64__)
#define VECTOR_BYTES 16
#define TILE_PIXELS 12
#define NARROW_TILE_PIXELS 14
#else
#define VECTOR_BYTES 16
#define TILE_PIXELS 6
#define NARROW_TILE_PIXELS 12
#endif

typedef STRIATE_REAL real;
#if STRIATE_REAL_IS_DOUBLE
typedef int64_t lane_int;
typedef uint64_t lane_unsigned;
#define REAL_FUNCTION(name) name
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#else
typedef int32_t lane_int;
typedef uint32_t lane_unsigned;
#define REAL_FUNCTION(name) name##f
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#endif

typedef real vreal __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));
typedef lane_int vint __attribute__((vector_size(VECTOR_BYTES)));
typedef lane_unsigned vunsigned __attribute__((vector_size(VECTOR_BYTES)));
#define LANES ((int)(VECTOR_BYTES / sizeof(real)))

#define STRIATE_INLINE static inline __attribute__((always_inline))

/* Cython's `inline` must always inline, too: a register tile is compiled into each of its callers, for each constant size. */
#undef CYTHON_INLINE
#define CYTHON_INLINE inline __attribute__((always_inline))

/* Minus 0, not plus: that leaves -0 as it is, so that no instruction is made of it. */
STRIATE_INLINE vreal vset(real a) { return a - (vreal){0}; }
STRIATE_INLINE vint viset(lane_int a) { return (vint){0} + a; }
STRIATE_INLINE vreal vload(const real *p) { return *(const vreal *)p; }
STRIATE_INLINE void vstore(real *p, vreal a) { *(vreal *)p = a; }

/* As many 8-bit integers as a vector has lanes, as reals, and as many bfloat16 numbers, the upper halves of float32 numbers */
STRIATE_INLINE vreal vload_int8(const int8_t *p) {
#if defined(__AVX512F__) && !STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)));
#elif defined(__AVX2__) && !STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)p)));
#else
    vreal lanes;
    for (int i = 0; i < LANES; i++) lanes[i] = p[i];
    return lanes;
#endif
}
STRIATE_INLINE vreal vload_bfloat16(const uint16_t *p) {
#if defined(__AVX512F__) && !STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16);
#elif defined(__AVX2__) && !STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p)), 16);
#else
    vreal lanes;
    for (int i = 0; i < LANES; i++) {
        uint32_t bits = (uint32_t)p[i] << 16;
        float number;
        memcpy(&number, &bits, sizeof number);
        lanes[i] = number;
    }
    return lanes;
#endif
}

/* Prefetch a cache line that will soon be read, or written. */
STRIATE_INLINE void prefetch_read(const real *p) { __builtin_prefetch(p, 0); }
STRIATE_INLINE void prefetch_write(real *p) { __builtin_prefetch(p, 1); }

/* a / b, since Cython, which takes vectors for scalars, would translate its own operator to a scalar division. */
STRIATE_INLINE vreal vdivide(vreal a, vreal b) { return a / b; }

/* a / b with a relative error of at most 2^-14, where b is a normal number whose inverse is one */
STRIATE_INLINE vreal vdivide_roughly(vreal a, vreal b) {
#if defined(__AVX512F__) && !STRIATE_REAL_IS_DOUBLE
    return a * (vreal)_mm512_rcp14_ps((__m512)b);
#else
    return a / b;
#endif
}

/* The bits of reals as integers, integers as the bits of reals, and a right shift of integers that fills with zeros */
STRIATE_INLINE vint vbits(vreal a) { return (vint)a; }
STRIATE_INLINE vreal vfrom_bits(vint a) { return (vreal)a; }
STRIATE_INLINE vint vshift_right(vint a, int bits) { return (vint)((vunsigned)a >> bits); }

/* Masks of the lanes where a < b, which is false for NaN, and of the first n lanes */
STRIATE_INLINE vint vless(vreal a, vreal b) { return (vint)(a < b); }
STRIATE_INLINE vint vfirst(int n) {
    static const lane_int order[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    vint lane;
    memcpy(&lane, order, sizeof lane);
    return (vint)(lane < viset(n));
}

/* Whether any lane differs from zero, as NaN does */
STRIATE_INLINE int vany(vreal a) {
    vint lanes = (vint)(a != (vreal){0});
#if defined(__AVX512F__)
    return _mm512_test_epi32_mask((__m512i)lanes, (__m512i)lanes) != 0;
#elif defined(__AVX__)
    return !_mm256_testz_si256((__m256i)lanes, (__m256i)lanes);
#elif defined(__SSE4_1__)
    return !_mm_testz_si128((__m128i)lanes, (__m128i)lanes);
#else
    lane_int any = 0;
    for (int i = 0; i < LANES; i++) any |= lanes[i];
    return any != 0;
#endif
}

/* vpolynomial(x, c0, c1, c2, ...) is c0 + c1 x + c2 x^2 + ... by Horner's rule. A long polynomial is split into an even and an
 * odd part: two chains of additions, which run at the same time, instead of one that is twice as long. */
#define vpolynomial(x, ...) \
    vhorner((x), (const real[]){__VA_ARGS__}, (int)(sizeof((const real[]){__VA_ARGS__}) / sizeof(real)))
STRIATE_INLINE vreal vhorner(vreal x, const real *c, int n) {
    if (n < 8) {
        vreal sum = vset(c[n - 1]);
        for (int k = n - 2; k >= 0; k--) sum = sum * x + vset(c[k]);
        return sum;
    }
    int odd_last = (n & 1) ? n - 2 : n - 1, even_last = (n & 1) ? n - 1 : n - 2;
    vreal square = x * x, odd = vset(c[odd_last]), even = vset(c[even_last]);
    for (int k = odd_last - 2; k > 0; k -= 2) odd = odd * square + vset(c[k]);
    for (int k = even_last - 2; k >= 0; k -= 2) even = even * square + vset(c[k]);
    return odd * x + even;
}

/* mask ? a : b for each lane. A lane of a mask is all ones or all zeros. AVX-512 has one instruction for the expression. */
STRIATE_INLINE vint viselect(vint mask, vint a, vint b) {
#if defined(__AVX__) && !defined(__AVX512F__)
    return (vint)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (mask & a) | (~mask & b);
#endif
}
STRIATE_INLINE vreal vselect(vint mask, vreal a, vreal b) { return (vreal)viselect(mask, (vint)a, (vint)b); }

/* A mask of the lanes where a replaces b as the largest so far: it is larger, or it is NaN and b is not. */
STRIATE_INLINE vint vovertakes(vreal a, vreal b) { return ~(vint)(a <= b) & (vint)(b == b); }
STRIATE_INLINE vint vequal(vint a, vint b) { return (vint)(a == b); }

/* The larger of a and 0 */
STRIATE_INLINE vint vpositive(vint a) { return (vint)(a > 0) & a; }

/* The larger of a and b; the second one, b, where either is NaN, as x86's instruction has it. */
STRIATE_INLINE vreal vmax_or_second(vreal a, vreal b) {
#if defined(__AVX512F__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX512F__)
    return (vreal)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined(__AVX__)
    return (vreal)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vselect((vint)(a > b), a, b);
#endif
}

/* The smaller of a and b; of NaN as `vmax_or_second` */
STRIATE_INLINE vreal vmin_or_second(vreal a, vreal b) {
#if defined(__AVX512F__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX512F__)
    return (vreal)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_min_pd((__m256d)a, (__m256d)b);
#elif defined(__AVX__)
    return (vreal)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vselect((vint)(a < b), a, b);
#endif
}

/* The larger of floor and a, and the smaller of ceiling and a; NaN where a is NaN. */
STRIATE_INLINE vreal vat_least_or_nan(real floor, vreal a) { return vmax_or_second(vset(floor), a); }
STRIATE_INLINE vreal vat_most_or_nan(real ceiling, vreal a) { return vmin_or_second(vset(ceiling), a); }

/* b, but a where a is NaN: `vselect` would take more instructions. */
STRIATE_INLINE vreal vunless_nan(vreal a, vreal b) {
#if defined(__AVX512F__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_mask_mov_pd((__m512d)a, _mm512_cmp_pd_mask((__m512d)a, (__m512d)a, _CMP_ORD_Q), (__m512d)b);
#elif defined(__AVX512F__)
    return (vreal)_mm512_mask_mov_ps((__m512)a, _mm512_cmp_ps_mask((__m512)a, (__m512)a, _CMP_ORD_Q), (__m512)b);
#elif defined(__AVX__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_blendv_pd((__m256d)a, (__m256d)b, _mm256_cmp_pd((__m256d)a, (__m256d)a, _CMP_ORD_Q));
#elif defined(__AVX__)
    return (vreal)_mm256_blendv_ps((__m256)a, (__m256)b, _mm256_cmp_ps((__m256)a, (__m256)a, _CMP_ORD_Q));
#else
    return vselect((vint)(a == a), b, a);
#endif
}

/* The larger of a and b; b where they are equal, and NaN where either is NaN, as in NumPy's maximum. */
STRIATE_INLINE vreal vmaximum(vreal a, vreal b) { return vunless_nan(a, vmax_or_second(a, b)); }

STRIATE_INLINE vreal vrelu(vreal a) { return vat_least_or_nan(0, a); }
STRIATE_INLINE vreal vleaky_relu(vreal a, real negative_slope) { return vselect((vint)(a < (vreal){0}), a * negative_slope, a); }

/* Load or store the first n lanes (0 < n <= LANES). The others are loaded as zeros, and not stored. */
STRIATE_INLINE vreal vload_first(const real *p, int n) {
    if (n == LANES) return vload(p);
#if defined(__AVX512F__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), p);
#elif defined(__AVX512F__)
    return (vreal)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#elif defined(__AVX2__) && STRIATE_REAL_IS_DOUBLE
    return (vreal)_mm256_maskload_pd(p, (__m256i)((vint){0, 1, 2, 3} < viset(n)));
#elif defined(__AVX2__)
    return (vreal)_mm256_maskload_ps(p, (__m256i)((vint){0, 1, 2, 3, 4, 5, 6, 7} < viset(n)));
#else
    real lanes[LANES] = {0};
    for (int i = 0; i < n; i++) lanes[i] = p[i];
    return vload(lanes);
#endif
}

/* The same for bfloat16 numbers. Stored are the nearest ones, ties to even; NaN keeps its upper half, and becomes quiet. */
STRIATE_INLINE vreal vload_first_bfloat16(const uint16_t *p, int n) {
    if (n == LANES) return vload_bfloat16(p);
    uint16_t first[LANES] = {0};
    memcpy(first, p, n * sizeof *p);
    return vload_bfloat16(first);
}
STRIATE_INLINE void vstore_first_bfloat16(uint16_t *p, vreal a, int n) {
#if defined(__AVX512BF16__) && !STRIATE_REAL_IS_DOUBLE
    __m256i halves = (__m256i)_mm512_cvtneps_pbh((__m512)a);
    if (n == LANES) _mm256_storeu_si256((__m256i *)p, halves);
    else _mm256_mask_storeu_epi16(p, (__mmask16)((1u << n) - 1), halves);
#elif !STRIATE_REAL_IS_DOUBLE
    vunsigned bits = (vunsigned)a, nearest = bits + 0x7FFF + ((bits >> 16) & 1);
    vunsigned halves = (vunsigned)viselect((vint)(a == a), (vint)nearest, (vint)(bits | 0x400000)) >> 16;
#if defined(__AVX512F__)
    __m256i narrow = _mm512_cvtepi32_epi16((__m512i)halves);
    if (n == LANES) { _mm256_storeu_si256((__m256i *)p, narrow); return; }
    uint16_t first[LANES];
    _mm256_storeu_si256((__m256i *)first, narrow);
#elif defined(__AVX2__)
    __m256i pairs = _mm256_permute4x64_epi64(_mm256_packus_epi32((__m256i)halves, (__m256i)halves), 0x08);
    if (n == LANES) { _mm_storeu_si128((__m128i *)p, _mm256_castsi256_si128(pairs)); return; }
    uint16_t first[LANES];
    _mm_storeu_si128((__m128i *)first, _mm256_castsi256_si128(pairs));
#else
    uint16_t first[LANES];
    for (int i = 0; i < LANES; i++) first[i] = (uint16_t)halves[i];
#endif
    memcpy(p, first, n * sizeof *p);
#endif
}

STRIATE_INLINE void vstore_first(real *p, vreal a, int n) {
    if (n == LANES) { vstore(p, a); return; }
#if defined(__AVX512F__) && STRIATE_REAL_IS_DOUBLE
    _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), (__m512d)a);
#elif defined(__AVX512F__)
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)a);
#else
    /* Pieces of 4, 2 and 1 elements compile to plain moves, since their sizes are constant; AVX2's masked stores are slow. */
    real lanes[LANES];
    const real *from = lanes;
    vstore(lanes, a);
    if (LANES > 4 && (n & 4)) { memcpy(p, from, 4 * sizeof(real)); p += 4; from += 4; }
    if (LANES > 2 && (n & 2)) { memcpy(p, from, 2 * sizeof(real)); p += 2; from += 2; }
    if (n & 1) *p = *from;
#endif
}

/* The lanes of a and b interleaved: those of their first halves, and those of their second halves */
#define VECTOR_LANES (VECTOR_BYTES / (STRIATE_REAL_IS_DOUBLE ? 8 : 4))
#if VECTOR_LANES == 16
#define vzip_low(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define vzip_high(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif VECTOR_LANES == 8
#define vzip_low(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define vzip_high(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#elif VECTOR_LANES == 4
#define vzip_low(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define vzip_high(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#else
#define vzip_low(a, b) __builtin_shufflevector(a, b, 0, 2)
#define vzip_high(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

/* Every other lane of a, followed by every other lane of b: those with even, and those with odd indices */
#if VECTOR_LANES == 16
#define veven(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define vodd(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif VECTOR_LANES == 8
#define veven(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define vodd(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif VECTOR_LANES == 4
#define veven(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define vodd(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#else
#define veven(a, b) __builtin_shufflevector(a, b, 0, 2)
#define vodd(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

/* The sum of all lanes, and the largest of them, broadcast to each lane. Each step combines the two halves, and the zip of a
 * vector with itself repeats the lanes of a half. `vlargest` ignores NaN, except in lane 0. */
STRIATE_INLINE vreal vsum(vreal a) {
    for (int half = LANES / 2; half > 0; half /= 2) a = vzip_low(a, a) + vzip_high(a, a);
    return a;
}
STRIATE_INLINE vreal vlargest(vreal a) {
    for (int half = LANES / 2; half > 0; half /= 2) a = vmax_or_second(vzip_high(a, a), vzip_low(a, a));
    return a;
}

/* target[j][i] = source[i][j] for `lines` lines of LANES elements; `lines` is a power of two, at most LANES. A line of the
 * target has `lines` elements. Its vectors, `pitch_of_vectors` elements apart, have as many whole lines as fit.
 * Zipping each row of the first half with its counterpart in the second half moves one bit of the row index into the lane
 * index; repeating it for each bit exchanges the two indices. */
STRIATE_INLINE void vtranspose(const int lines, const real *source, ptrdiff_t pitch, real *target, ptrdiff_t pitch_of_vectors) {
    vreal rows[LANES], zipped[LANES];
    for (int i = 0; i < lines; i++) rows[i] = vload(source + i * pitch);
    for (int bit = 1; bit < lines; bit *= 2) {
        for (int i = 0; i < lines / 2; i++) {
            zipped[2 * i] = vzip_low(rows[i], rows[i + lines / 2]);
            zipped[2 * i + 1] = vzip_high(rows[i], rows[i + lines / 2]);
        }
        for (int i = 0; i < lines; i++) rows[i] = zipped[i];
    }
    for (int j = 0; j < lines; j++) vstore(target + j * pitch_of_vectors, rows[j]);
}

/* The compiler makes one instruction of the loop. */
STRIATE_INLINE vreal vsqrt(vreal a) {
    for (int i = 0; i < LANES; i++) a[i] = REAL_FUNCTION(sqrt)(a[i]);
    return a;
}

STRIATE_INLINE real minus_infinity(void) { return -INFINITY; }
STRIATE_INLINE real real_sqrt(real a) { return REAL_FUNCTION(sqrt)(a); }
