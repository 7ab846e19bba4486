/* What the processor can do: the x86-64 micro-architecture levels that the kernels are built for, and VNNI. */
#pragma once
#include <stdio.h>

static const char *striate_cpu_isa(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
          && __builtin_cpu_supports("bmi2")))
        return "v2";
    if (!(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")))
        return "v3";
    return __builtin_cpu_supports("avx512vnni") ? "vnni" : "v4";
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
    FEATURE("avx512vnni");
#undef FEATURE
    if (end > names) end[-1] = 0;
    return names;
#elif defined(__aarch64__)
    return "neon";
#else
    return "";
#endif
}
