/* Waiting for another thread to change a word: asleep where the system has a call for that, so that others have the processor.
 *
 * To offer it to them by yielding is no substitute: a scheduler may count the rest of the time slice as used, each time, and a
 * thread that waits so beside other programs then hardly runs at all.
 */
#ifndef STRIATE_WAITING_H
#define STRIATE_WAITING_H

#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(_WIN32)
#include <windows.h>
#else
#include <sched.h>
#endif

/* Wait as long as `word` is `value`; may return before it changes. */
static inline void sleep_while(_Atomic uint32_t *word, uint32_t value) {
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
#elif defined(_WIN32)
    (void)word, (void)value;
    SwitchToThread();
#else
    (void)word, (void)value;
    sched_yield();
#endif
}

/* Change `word`, and wake all who wait for that. */
static inline void change_and_wake(_Atomic uint32_t *word) {
    atomic_fetch_add(word, 1);
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
#endif
}

#endif
