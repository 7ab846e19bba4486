/* One interface to what the kernels need of each operating system: locks, threads, a clock, and pages of memory. */
#ifndef STRIATE_SYSTEM_H
#define STRIATE_SYSTEM_H

#include <stddef.h>
#include <stdlib.h>

static const double REFUSAL = 1;    /* seconds before the system is asked again after it had no memory, or no thread */

/* The storage class of thread-local variables. A C library that allocates the variables of a loaded library when a thread first
 * uses them ends the process if there is no memory; with glibc, they can be allocated together with the thread. */
#if defined(__GLIBC__)
#define THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define THREAD_LOCAL _Thread_local
#endif

typedef void (*thread_body)(void *argument);

/* Whether `bytes` bytes can be allocated at this moment. */
static inline int there_is_memory(size_t bytes) {
    void *volatile tried = malloc(bytes);   /* Unless it is volatile, compilers remove both calls. */
    free(tried);
    return tried != NULL;
}

#if defined(_WIN32)

#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

typedef SRWLOCK system_lock;
#define LOCK_INITIALIZER SRWLOCK_INIT
static inline void acquire(system_lock *which) { AcquireSRWLockExclusive(which); }
static inline void release(system_lock *which) { ReleaseSRWLockExclusive(which); }

typedef CONDITION_VARIABLE system_condition;
#define CONDITION_INITIALIZER CONDITION_VARIABLE_INIT
static inline void wait_for_signal(system_condition *which, system_lock *held) { SleepConditionVariableSRW(which, held, INFINITE, 0); }
static inline void signal_all(system_condition *which) { WakeAllConditionVariable(which); }

typedef HANDLE system_thread;
typedef struct {
    thread_body body;
    void *argument;
} thread_start;

static DWORD WINAPI thread_main(void *given) {
    thread_start start = *(thread_start *)given;
    HeapFree(GetProcessHeap(), 0, given);
    start.body(start.argument);
    return 0;
}

/* Start a thread with a stack of `stack` bytes, or of the default size if that is 0; return whether that was possible. */
static inline int start_thread(system_thread *started, thread_body body, void *argument, size_t stack) {
    thread_start *start = HeapAlloc(GetProcessHeap(), 0, sizeof *start);
    if (!start) return 0;
    *start = (thread_start){body, argument};
    *started = CreateThread(NULL, stack, thread_main, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (!*started) HeapFree(GetProcessHeap(), 0, start);
    return *started != NULL;
}

static inline void join_thread(system_thread ended) {
    WaitForSingleObject(ended, INFINITE);
    CloseHandle(ended);
}

static inline void rest(void) { Sleep(1); }

static inline double seconds_now(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}

/* Allocate whole pages; NULL if there is no memory. */
static inline void *take_pages(size_t bytes) { return VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }

static inline void give_pages(void *memory, size_t bytes) {
    (void)bytes;
    VirtualFree(memory, 0, MEM_RELEASE);
}

static inline void call_around_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) {
    (void)before, (void)in_parent, (void)in_child;
}

#else

#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#if !defined(MAP_ANONYMOUS)
#define MAP_ANONYMOUS MAP_ANON
#endif

typedef pthread_mutex_t system_lock;
#define LOCK_INITIALIZER PTHREAD_MUTEX_INITIALIZER
static inline void acquire(system_lock *which) { pthread_mutex_lock(which); }
static inline void release(system_lock *which) { pthread_mutex_unlock(which); }

typedef pthread_cond_t system_condition;
#define CONDITION_INITIALIZER PTHREAD_COND_INITIALIZER
static inline void wait_for_signal(system_condition *which, system_lock *held) { pthread_cond_wait(which, held); }
static inline void signal_all(system_condition *which) { pthread_cond_broadcast(which); }

typedef pthread_t system_thread;

/* Start a thread with a stack of `stack` bytes, or of the default size if that is 0; return whether that was possible. */
static inline int start_thread(system_thread *started, thread_body body, void *argument, size_t stack) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes)) return 0;
    if (stack) pthread_attr_setstacksize(&attributes, stack);   /* A size that the system does not allow has no effect. */
    int failed = pthread_create(started, &attributes, (void *(*)(void *))(void (*)(void))body, argument);
    pthread_attr_destroy(&attributes);
    return !failed;
}

static inline void join_thread(system_thread ended) { pthread_join(ended, NULL); }

static inline void rest(void) { nanosleep(&(struct timespec){0, 50000}, NULL); }

static inline double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Allocate whole pages; NULL if there is no memory. */
static inline void *take_pages(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static inline void give_pages(void *memory, size_t bytes) { munmap(memory, bytes); }

static inline void call_around_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) {
    pthread_atfork(before, in_parent, in_child);
}

#endif

/* Whether the system refused something less than REFUSAL seconds ago, given the time when it last did, or 0 for never. */
static inline int refused_lately(double time) { return time && seconds_now() - time < REFUSAL; }

#endif
