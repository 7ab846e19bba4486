"""Elementary functions of vectors, by arithmetic alone: no table, no branch, the same steps for each lane.

Arguments are reduced to a short interval by subtracting a multiple of ln 2, which is kept in two parts for accuracy (Cody &
Waite, "Software manual for the elementary functions", 1980). There, a minimax polynomial approximates the function (Muller,
"Elementary functions: algorithms and implementation", 3rd ed. 2016). The polynomials were computed for this library by Remez'
exchange algorithm, with 50 digits or more, on the interval named beside each, for the least error relative to the function's
value, which is below 0.25 units of 2^-24 (float32) or 2^-53 (float64). Nothing here needs FMA, and nothing breaks if the
compiler fuses a multiplication with an addition: where rounding errors are compensated, products are exact, or their errors are
negligible.

Largest error in ulp, over every 1009th float32 and 400,000 float64 (tests/kernels/test_vmath.py):

               vexp    vexpm1  vlog    vtanh   vsigmoid  vsoftplus  vsilu
    float32    0.76    0.99    0.84    1.42    1.14      1.80       2.32
    float64    0.76    1.07    0.83    1.42    1.14      1.85       2.05

NaN stays NaN, and infinities and signed zeros give the limits. Denormals count as zero, and results that small become zero:
kernels flush them (tasks.pxd).
"""
from striate.kernels.common.simd cimport (EXPONENT_BIAS, MANTISSA_BITS, STRIATE_REAL_IS_DOUBLE, minus_infinity, real,
                                          vat_least_or_nan, vat_most_or_nan, vbits, vdivide, vfrom_bits, vint, viset,
                                          vless, vpolynomial, vpositive, vreal, vselect, vset, vshift_right)


cdef inline vreal vmin_or_first(vreal a, vreal b) noexcept nogil:
    """The smaller of a and b; the first one, a, where either is NaN."""
    return vselect(vless(b, a), b, a)


cdef inline vreal vmax_or_first(vreal a, vreal b) noexcept nogil:
    """The larger of a and b; the first one, a, where either is NaN."""
    return vselect(vless(a, b), b, a)


cdef inline vreal vclamp(vreal a, vreal low, vreal high) noexcept nogil:
    """a, but at least ``low`` and at most ``high``; NaN stays NaN."""
    return vmin_or_first(vmax_or_first(a, low), high)


cdef inline vint sign_bit() noexcept nogil:
    return viset(1) << <int>(8 * sizeof(real) - 1)


cdef inline vreal vabs(vreal a) noexcept nogil:
    return vfrom_bits(vbits(a) & ~sign_bit())


cdef inline vreal vcopysign(vreal magnitude, vreal sign) noexcept nogil:
    """``magnitude``, which is not negative, with the sign of ``sign``."""
    return vfrom_bits(vbits(magnitude) | (vbits(sign) & sign_bit()))


# --------------------------------------------------------------------------------------------------- exponential functions

cdef inline vreal ln2_high() noexcept nogil:
    """ln 2, rounded to so few bits that its product with an exponent is exact."""
    return vset(0.6931471803691238) if STRIATE_REAL_IS_DOUBLE else vset(0.693359375)


cdef inline vreal ln2_low() noexcept nogil:
    """ln 2 minus `ln2_high`."""
    return vset(1.9082149292705877e-10) if STRIATE_REAL_IS_DOUBLE else vset(-2.1219444005469057e-4)


cdef inline vreal rounding_constant() noexcept nogil:
    """1.5 * 2^MANTISSA_BITS: its sum with a number has the nearest integer of that number in the lowest bits."""
    return vset(6755399441055744.0) if STRIATE_REAL_IS_DOUBLE else vset(12582912.0)


cdef inline vreal power_of_two(int exponent) noexcept nogil:
    """2^exponent, which must be a normal number."""
    return vfrom_bits(viset(exponent + EXPONENT_BIAS) << MANTISSA_BITS)


cdef inline vreal power_of_two_of(vint exponent) noexcept nogil:
    """2^exponent, normal numbers."""
    return vfrom_bits((exponent + viset(EXPONENT_BIAS)) << MANTISSA_BITS)


cdef inline vreal exponential_series(vreal r) noexcept nogil:
    """(exp(r) - 1 - r) / r² for r between -ln 2 / 2 and ln 2 / 2."""
    if STRIATE_REAL_IS_DOUBLE:
        return vpolynomial(
            r, 0.5000000000000005571, 0.1666666666666668602, 0.0416666666665733317, 0.008333333333314586709,
            0.001388888893248256811, 0.0001984126990306062208, 0.00002480150431358488562, 2.755722790591577516e-6,
            2.762638175752249948e-7, 2.511449442791348217e-8)
    return vpolynomial(r, 0.500000006241, 0.166665428101, 0.0416662802888, 0.00836660864218, 0.00139465665767)


cdef struct Exponential:
    # exp(x) = 2^exponent (1 + high + low), where high lies between -ln 2 / 2 and ln 2 / 2, and low is much smaller
    vint exponent
    vreal high, low


cdef inline Exponential exponential_parts(vreal x) noexcept nogil:
    cdef Exponential parts
    cdef vreal shifted = x * vset(1.4426950408889634) + rounding_constant()
    cdef vreal n = shifted - rounding_constant(), rest = x - n * ln2_high(), r = rest - n * ln2_low()
    parts.exponent = vbits(shifted) - vbits(rounding_constant())
    parts.high = r
    parts.low = ((rest - r) - n * ln2_low()) + r * r * exponential_series(r)
    return parts


cdef struct Sum:
    # high + low, where low is at most half an ulp of high
    vreal high, low


cdef inline Sum sum_of(vreal large, vreal small, vreal tiny) noexcept nogil:
    """large + small + tiny, in descending order of magnitude: Dekker's Fast2Sum, twice."""
    cdef Sum result
    cdef vreal total = large + small, rest = ((large - total) + small) + tiny
    result.high = total + rest
    result.low = (total - result.high) + rest
    return result


cdef inline Sum exp_sum(vreal x) noexcept nogil:
    """exp(x)."""
    # Beyond these bounds, the result is infinite or zero. The factor 2^n, for n from -1076 to 1025, is applied in two halves,
    # since it may lie outside the normal range.
    cdef vreal lowest = vset(-746.0) if STRIATE_REAL_IS_DOUBLE else vset(-104.0)
    cdef vreal highest = vset(710.0) if STRIATE_REAL_IS_DOUBLE else vset(89.0)
    cdef Exponential parts = exponential_parts(vclamp(x, lowest, highest))
    cdef vint biased = parts.exponent + viset(2 * EXPONENT_BIAS), half = vshift_right(biased, 1)
    cdef vreal scale = vfrom_bits(half << MANTISSA_BITS), rest = vfrom_bits((biased - half) << MANTISSA_BITS)
    cdef Sum result = sum_of(vset(1.0), parts.high, parts.low)
    result.high = result.high * scale * rest
    result.low = result.low * scale * rest
    return result


cdef inline Sum falling_exp_sum(vreal x) noexcept nogil:
    """exp(x) for x <= 0, in fewer steps: with a single factor, which is zero where it would be below the normal range."""
    cdef Exponential parts = exponential_parts(vat_least_or_nan(-746.0 if STRIATE_REAL_IS_DOUBLE else -104.0, x))
    cdef vreal scale = vfrom_bits(vpositive(parts.exponent + viset(EXPONENT_BIAS)) << MANTISSA_BITS)
    cdef Sum result = sum_of(vset(1.0), parts.high, parts.low)
    result.high = result.high * scale
    result.low = result.low * scale
    return result


cdef inline Sum expm1_sum(vreal x) noexcept nogil:
    """exp(x) - 1, with x clamped to ±40."""
    cdef Exponential parts = exponential_parts(vclamp(x, vset(-40.0), vset(40.0)))
    cdef vreal scale = vfrom_bits((parts.exponent + viset(EXPONENT_BIAS)) << MANTISSA_BITS)
    return sum_of(scale - vset(1.0), scale * parts.high, scale * parts.low)


cdef inline vreal vexp(vreal x) noexcept nogil:
    return exp_sum(x).high


cdef inline vreal vexp_nonpositive(vreal x) noexcept nogil:
    """exp(x) for x <= 0."""
    return falling_exp_sum(x).high


cdef inline vreal vexpm1(vreal x) noexcept nogil:
    """exp(x) - 1 for x <= 40; a larger x counts as 40."""
    return expm1_sum(x).high


cdef inline vreal part_of_sum(Sum n, real d) noexcept nogil:
    """n / (n + d) for |n| <= d, with compensation of the rounding errors of n and n + d.

    If S is n + d rounded, r its error and q = n / S, the quotient is q + (low part of n - q r) / S, where 1 / S = (1 - q) / d.
    """
    cdef vreal total = vset(d) + n.high, error = ((vset(d) - total) + n.high) + n.low, q = vdivide(n.high, total)
    return q + (n.low - q * error) * ((vset(1.0) - q) * vset(1 / d))


cdef inline vreal vsigmoid(vreal x) noexcept nogil:
    """1 / (1 + exp(-x)): for -|x| it is e / (e + 1) with e = exp(-|x|), and for |x| one minus that."""
    cdef vreal lower = part_of_sum(falling_exp_sum(-vabs(x)), 1)
    return vselect(vless(x, vset(0.0)), lower, vset(1.0) - lower)


cdef inline vreal vsilu(vreal x) noexcept nogil:
    """x / (1 + exp(-x)), in few steps: exp(-x) is not rounded as carefully as `vexp`.

    Far below zero, where exp(-x) may be infinite, numerator and denominator are multiplied with 2^-64; there, 1 is negligible.
    """
    cdef vreal bounded = vat_least_or_nan(-746.0 if STRIATE_REAL_IS_DOUBLE else -104.0, x)
    cdef vreal far = vset(-700.0) if STRIATE_REAL_IS_DOUBLE else vset(-87.0)
    cdef vreal unit = vselect(vless(bounded, far), power_of_two(-64), vset(1.0))
    cdef vreal t = -vat_most_or_nan(700.0 if STRIATE_REAL_IS_DOUBLE else 87.0, bounded)     # Above, 1 + exp(-x) is 1.
    cdef vreal shifted = t * vset(1.4426950408889634) + rounding_constant(), n = shifted - rounding_constant()
    cdef vreal r = (t - n * ln2_high()) - n * ln2_low()
    # The constant's lowest bits are zero, so that only n is left of the bits that are shifted.
    cdef vreal scale = vfrom_bits((vbits(shifted) << MANTISSA_BITS) + vbits(unit))
    return vdivide(bounded * unit, vset(1.0) + (scale + scale * (r + r * r * exponential_series(r))))


cdef inline vreal vtanh(vreal x) noexcept nogil:
    """tanh(x), which for |x| is -e / (e + 2) with e = exp(-2 |x|) - 1."""
    cdef vreal a = vabs(x)
    return vcopysign(vabs(part_of_sum(expm1_sum(vset(-2.0) * a), 2)), x)


# --------------------------------------------------------------------------------------------------------------- logarithms

cdef inline vreal log1p_tail(vreal f) noexcept nogil:
    """f - log(1 + f) for f between -0.3 and 1.

    With s = f / (2 + f) and w = s²,  log(1 + f) = 2 artanh s = 2s + s w L(w) = f - s (f - w L(w)).
    """
    cdef vreal s = vdivide(f, vset(2.0) + f), w = s * s, series
    if STRIATE_REAL_IS_DOUBLE:      # L on [0, 1/9]
        series = vpolynomial(
            w, 0.6666666666666630414, 0.4000000000015715642, 0.2857142854786193965, 0.2222222396934500962,
            0.1818174393583585236, 0.1538655973032077417, 0.1330097574488542984, 0.1210607133984217648,
            0.08340159541705882122, 0.1701847796168992355)
    else:
        series = vpolynomial(w, 0.666664131178, 0.400216980516, 0.279991759758, 0.280242348552)
    return s * (f - w * series)


cdef inline vreal vlog(vreal x) noexcept nogil:
    """log(x)."""
    # x = 2^k (1 + f), with 1 + f between sqrt(1/2) and sqrt(2)
    cdef vint bits = vbits(x), root = vbits(vset(0.7071067811865476)), bias = viset(EXPONENT_BIAS)
    cdef vint biased = vshift_right(bits - root + (bias << MANTISSA_BITS), MANTISSA_BITS)   # k + bias
    cdef vreal f = vfrom_bits(bits - ((biased - bias) << MANTISSA_BITS)) - vset(1.0)
    # An integer below 2^MANTISSA_BITS is converted to a real number by making it the mantissa of 2^MANTISSA_BITS.
    cdef vreal power = power_of_two(MANTISSA_BITS)
    cdef vreal k = vfrom_bits(biased | vbits(power)) - (power + vset(EXPONENT_BIAS))
    cdef vreal infinity = vset(-minus_infinity()), result
    result = k * ln2_high() + (f - (log1p_tail(f) - k * ln2_low()))
    result = vselect(vless(x, infinity), result, x)     # Infinity and NaN are their own logarithms.
    result = vselect(vless(vabs(x), power_of_two(1 - EXPONENT_BIAS)), -infinity, result)
    return vselect(vless(x, vset(0.0)), infinity - infinity, result)


cdef inline vreal vsoftplus(vreal x) noexcept nogil:
    """log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(-|x|)."""
    cdef vreal e = vexp_nonpositive(-vabs(x))
    return vmax_or_first(x, vset(0.0)) + (e - log1p_tail(e))


cdef struct Logistic:
    vreal yes, no       # 1 / (1 + exp(-x)) and 1 / (1 + exp(x))
    vreal tail          # log(1 + exp(-|x|))


cdef inline Logistic vlogistic(vreal x) noexcept nogil:
    """What `vsigmoid` and `vsoftplus` return for x and -x, computed from one exponential function."""
    cdef Sum e = falling_exp_sum(-vabs(x))
    cdef vreal lower = part_of_sum(e, 1), upper = vset(1.0) - lower
    cdef Logistic logistic
    logistic.yes = vselect(vless(x, vset(0.0)), lower, upper)
    logistic.no = vselect(vless(x, vset(0.0)), upper, lower)
    logistic.tail = e.high - log1p_tail(e.high)
    return logistic


# ----------------------------------------------------------------------------------------------- piecewise linear functions
#
# Nothing here lets compilers fuse a multiplication with an addition, not even with one before or after, so that the bits are
# the same wherever these functions are compiled. At 6, the product with the rounded 1/6 is rounded to 1.

cdef inline vreal hard_gate(vreal bounded) noexcept nogil:
    """min(x + 3, 6) / 6 for x of at least -3."""
    return vat_most_or_nan(6.0, bounded + vset(3.0)) * vset(0.16666666666666667)


cdef inline vreal vhard_sigmoid(vreal x) noexcept nogil:
    """min(max(x + 3, 0), 6) / 6."""
    return hard_gate(vat_least_or_nan(-3.0, x))


cdef inline vreal vhard_silu(vreal x) noexcept nogil:
    """x hard_sigmoid(x). Below -3, where it is zero, x may be infinite, and counts as -3."""
    cdef vreal bounded = vat_least_or_nan(-3.0, x)
    return bounded * hard_gate(bounded)


# ------------------------------------------------------------------------------------------------- the normal distribution

cdef struct Normal:
    vreal cumulative    # Φ(x) = (1 + erf(x / sqrt 2)) / 2
    vreal density       # φ(x) = exp(-x² / 2) / sqrt(2 π)


cdef inline Normal vnormal(vreal x) noexcept nogil:
    """The standard normal distribution, with a small relative error even far below zero.

    With a = |x|, Φ(-a) = exp(-a² / 2) H(q) / (a + K), where q = (a - K) / (a + K) maps all a to [-1, 1] and H is smooth
    (Shepherd & Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Mathematics of Computation
    36, 1981).
    """
    # Beyond `end`, both functions of -a are zero. The square of `head`, which has the leading half of the bits of a, is exact.
    cdef vreal end = vset(40.0) if STRIATE_REAL_IS_DOUBLE else vset(16.0), a = vmin_or_first(vabs(x), end)
    cdef vint leading = ~viset(134217727) if STRIATE_REAL_IS_DOUBLE else ~viset(4095)
    cdef vreal head = vfrom_bits(vbits(a) & leading), square = head * head, rest = (a - head) * (a + head)
    cdef vreal whole = square + rest, lost = (square - whole) + rest, e = vexp_nonpositive(vset(-0.5) * whole), y, tail
    cdef Normal normal
    e = e - e * (vset(0.5) * lost)
    if STRIATE_REAL_IS_DOUBLE:      # K = 6, H on [-1, q(40)]
        y = vdivide(vset(1.0), a + vset(6.0))
        tail = vpolynomial(
            (a - vset(6.0)) * y, 0.7773517718933621798, -0.7010090295908656571, 0.5689688918147875749, -0.4139035857755787675,
            0.2679742458414348119, -0.1526802320648881682, 0.07517191567378407167, -0.03098531550097449117,
            0.01002982058681373525, -0.002131605274903479702, 0.00003287036174014750132, 0.0001813608122785826604,
            -0.00006475332998582024964, 1.074058620136998252e-6, 6.799560437861318532e-6, -1.795881056039024579e-6,
            -4.341983447097517375e-7, 3.044908171974431211e-7, 1.134163255160601892e-8, -3.801735958189948215e-8,
            6.329594682594198206e-10, 2.922532187051214348e-9)
    else:                           # K = 4, H on [-1, q(16)]
        y = vdivide(vset(1.0), a + vset(4.0))
        tail = vpolynomial(
            (a - vset(4.0)) * y, 0.755285134856, -0.607896564644, 0.38713695635, -0.186524028433, 0.0604027585006,
            -0.00752195224246, -0.00350583871279, 0.00156633999223, 0.000166727253632, -0.000138076328149)
    tail = tail * y * e
    normal.cumulative = vselect(vless(x, vset(0.0)), tail, vset(1.0) - tail)
    normal.density = e * vset(0.3989422804014327)
    return normal
