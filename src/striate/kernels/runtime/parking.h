/* Waiting for another thread: a thread spins for a moment, since most waits are short, and then parks until a word changes, so
 * that others have the processor.
 *
 * Yielding the processor is a poor substitute: a scheduler may count the rest of the time slice as used each time, and beside
 * other programs a thread that waits in this way hardly runs at all.
 */
#ifndef STRIATE_PARKING_H
#define STRIATE_PARKING_H

#include <stdatomic.h>
#include <stdint.h>
#include "system.h"
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#if !defined(SYS_futex) && defined(SYS_futex_time64)    /* The two differ only in the type of the timeout, here NULL. */
#define SYS_futex SYS_futex_time64
#endif
/* Operations of `futex` on a word of this process, as in linux/futex.h, which some systems have only in a separate package */
enum { FUTEX_PRIVATE = 128, FUTEX_WAITING = 0 | FUTEX_PRIVATE, FUTEX_WAKING = 1 | FUTEX_PRIVATE };
_Static_assert(sizeof(atomic_uint) == 4, "a futex is a word of 32 bits");
#else
static system_lock any_word = LOCK_INITIALIZER;
static system_condition any_change = CONDITION_INITIALIZER;
#endif

enum { SPINS_A_LOOK = 64 };     /* turns between two readings of the clock */

typedef struct {
    unsigned turns;
    double since;
} spinning;

/* Spin for one turn; return whether to go on spinning, which is false once `seconds` have passed. */
static inline int spin(spinning *state, double seconds) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
    if (state->turns++ % SPINS_A_LOOK) return 1;
    double now = seconds_now();
    if (state->turns == 1) state->since = now;
    return now - state->since < seconds;
}

/* Park while `word` is `value`. It may return before the word changes, so callers check their condition again. */
static inline void park_while(atomic_uint *word, unsigned value) {
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAITING, value, NULL, NULL, 0);
#else
    acquire(&any_word);
    while (atomic_load(word) == value) wait_for_signal(&any_change, &any_word);
    release(&any_word);
#endif
}

/* Change `word`, and wake up to `count` threads that are parked on it. */
static inline void change_and_wake(atomic_uint *word, int count) {
    atomic_fetch_add(word, 1);
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAKING, count, NULL, NULL, 0);
#else
    (void)count;    /* All threads are woken, and each compares its own word. */
    acquire(&any_word);
    release(&any_word);
    signal_all(&any_change);
#endif
}

/* Called in a forked child, where the threads that were parked in the parent do not exist. */
static inline void forget_parked(void) {
#if !defined(__linux__)
    any_word = (system_lock)LOCK_INITIALIZER;
    any_change = (system_condition)CONDITION_INITIALIZER;
#endif
}

#endif
