/* Allocations that fail when they are told to: preloaded, it stands before the system's. Linux and glibc.
 *
 * `failing_begin(first, last, smallest)` counts from now on, and lets the calls with these numbers fail, counted from 1;
 * `failing_end()` stops that and returns how many there were. Those that ask for less than the smallest size do not count.
 *
 * Calls from all threads of the process count, but not those from within OpenBLAS, GCC's OpenMP runtime, and the loader, which
 * makes the variables of threads when they are first used. These take for granted that they get what they ask for: striate has tried
 * whether they will (blas_gate.h, thread_budget.h).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);

static _Atomic long count, first, last;
static _Atomic size_t smallest;
static _Atomic int counting;
static __typeof__(pthread_create) *create;

__attribute__((constructor)) static void find(void) { create = (__typeof__(create))dlsym(RTLD_NEXT, "pthread_create"); }

void failing_begin(long from, long to, size_t least) {
    count = 0;
    first = from;
    last = to;
    smallest = least;
    counting = 1;
}

long failing_end(void) {
    counting = 0;
    return count;
}

#define CALLER __builtin_return_address(0)

int PyGILState_Check(void) __attribute__((weak));

/* Whether a call comes from where a failure ends the process, which is not striate's to mend: see above; and in NumPy, where it
 * has given back Python's lock, and yet makes a MemoryError (npyiter_allocate_buffers). */
static int is_spared(const void *caller) {
    Dl_info found;
    if (!dladdr(caller, &found)) return 0;
    const char *name = found.dli_fname;
    if (strstr(name, "_multiarray_umath")) return !PyGILState_Check();
    return strstr(name, "openblas") || strstr(name, "gomp") || strstr(name, "ld-linux");
}

static int fails(size_t size, const void *caller) {
    if (!atomic_load_explicit(&counting, memory_order_relaxed) || size < smallest || is_spared(caller)) return 0;
    long number = ++count;
    if (number < first || number > last) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return fails(size, CALLER) ? NULL : __libc_malloc(size); }
void *calloc(size_t items, size_t size) { return fails(items * size, CALLER) ? NULL : __libc_calloc(items, size); }
void *realloc(void *memory, size_t size) { return size && fails(size, CALLER) ? NULL : __libc_realloc(memory, size); }
void *memalign(size_t alignment, size_t size) { return fails(size, CALLER) ? NULL : __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return fails(size, CALLER) ? NULL : __libc_memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (fails(size, CALLER)) return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    if (fails(size, CALLER)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    return fails(SIZE_MAX, CALLER) ? EAGAIN : create(thread, attributes, body, argument);
}
