/* What the processor supports: the x86-64 microarchitecture levels for which kernels are built, VNNI, BF16 and AMX. */
#pragma once
#include <stdio.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__x86_64__)
/* Whether the processor has AMX, and the system lets this process use it, for which Linux requires a request. */
static int striate_cpu_has_amx(void) {
#if defined(__linux__)
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18, AMX_BF16 = 1 << 22, AMX_TILE = 1 << 24, AMX_INT8 = 1 << 25 };
    enum { ALL = AMX_BF16 | AMX_TILE | AMX_INT8 };
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || (edx & ALL) != ALL) return 0;
    return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
    return 0;
#endif
}
#endif

static const char *striate_cpu_isa(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
          && __builtin_cpu_supports("bmi2")))
        return "v2";
    if (!(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")))
        return "v3";
    if (!__builtin_cpu_supports("avx512vnni")) return "v4";
    if (!__builtin_cpu_supports("avx512bf16")) return "vnni";
    return striate_cpu_has_amx() ? "amx" : "bf16";
#else
    return "baseline";
#endif
}

static const char *striate_cpu_features(void) {
#if defined(__x86_64__)
    static char names[256];
    char *end = names;
    __builtin_cpu_init();
#define FEATURE(name) if (__builtin_cpu_supports(name)) end += sprintf(end, "%s ", name)
    FEATURE("sse4.2"); FEATURE("avx"); FEATURE("fma"); FEATURE("avx2"); FEATURE("bmi2");
    FEATURE("avx512f"); FEATURE("avx512bw"); FEATURE("avx512cd"); FEATURE("avx512dq"); FEATURE("avx512vl");
    FEATURE("avx512vnni"); FEATURE("avx512bf16");
#undef FEATURE
    if (end > names) end[-1] = 0;
    return names;
#elif defined(__aarch64__)
    return "neon";
#else
    return "";
#endif
}
