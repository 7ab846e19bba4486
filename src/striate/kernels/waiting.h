/* Waiting for another thread to change a word: asleep where the system has a call for that, so that others have the processor.
 *
 * To offer it to them by yielding, as elsewhere, is a poor substitute: a scheduler may count the rest of the time slice as used,
 * each time, and a thread that waits so beside other programs then hardly runs at all.
 */
#ifndef STRIATE_WAITING_H
#define STRIATE_WAITING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#if !defined(SYS_futex) && defined(SYS_futex_time64)    /* they differ in a time that is not given here */
#define SYS_futex SYS_futex_time64
#endif
/* Operations of `futex` on a word of this process: of linux/futex.h, which some systems have in a package of its own */
enum { FUTEX_PRIVATE = 128, WAIT = 0 | FUTEX_PRIVATE, WAKE = 1 | FUTEX_PRIVATE };
#elif defined(_WIN32)
#include <windows.h>
#else
#include <sched.h>
#endif

/* Wait as long as `word` is `value`; may return before it changes. */
static inline void sleep_while(_Atomic uint32_t *word, uint32_t value) {
#if defined(__linux__)
    syscall(SYS_futex, word, WAIT, value, NULL, NULL, 0);
#elif defined(_WIN32)
    while (atomic_load(word) == value) SwitchToThread();
#else
    while (atomic_load(word) == value) sched_yield();
#endif
}

/* Change `word`, and wake up to `count` of those who wait for that. */
static inline void change_and_wake(_Atomic uint32_t *word, int count) {
    atomic_fetch_add(word, 1);
#if defined(__linux__)
    syscall(SYS_futex, word, WAKE, count, NULL, NULL, 0);
#else
    (void)count;    /* each looks for itself */
#endif
}

#endif
