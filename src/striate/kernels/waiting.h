/* Waiting for another thread: awake for a moment, since what is awaited mostly comes at once, then asleep until a word
 * changes, so that others have the processor.
 *
 * To offer it to them by yielding is a poor substitute: a scheduler may count the rest of the time slice as used, each time,
 * and a thread that waits so beside other programs then hardly runs at all.
 */
#ifndef STRIATE_WAITING_H
#define STRIATE_WAITING_H

#include <stdatomic.h>
#include <stdint.h>
#include "system.h"
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#if !defined(SYS_futex) && defined(SYS_futex_time64)    /* they differ in a time that is not given here */
#define SYS_futex SYS_futex_time64
#endif
/* Operations of `futex` on a word of this process: of linux/futex.h, which some systems have in a package of its own */
enum { FUTEX_PRIVATE = 128, WAIT = 0 | FUTEX_PRIVATE, WAKE = 1 | FUTEX_PRIVATE };
#else
static system_lock any_word = LOCK_INITIALIZER;
static system_condition any_change = CONDITION_INITIALIZER;
#endif

enum { LOOKS = 64 };    /* turns from one look at the clock to the next */

typedef struct {
    unsigned turns;
    double since;
} patience;

/* Wait for a turn; whether to go on so, or to fall asleep, as after so many seconds. */
static inline int wait_a_turn(patience *wait, double seconds) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
    if (wait->turns++ % LOOKS) return 1;
    double now = seconds_now();
    if (wait->turns == 1) wait->since = now;
    return now - wait->since < seconds;
}

/* Wait as long as `word` is `value`; may return before it changes. */
static inline void sleep_while(_Atomic uint32_t *word, uint32_t value) {
#if defined(__linux__)
    syscall(SYS_futex, word, WAIT, value, NULL, NULL, 0);
#else
    acquire(&any_word);
    while (atomic_load(word) == value) wait_for_signal(&any_change, &any_word);
    release(&any_word);
#endif
}

/* Change `word`, and wake up to `count` of those who wait for that. */
static inline void change_and_wake(_Atomic uint32_t *word, int count) {
    atomic_fetch_add(word, 1);
#if defined(__linux__)
    syscall(SYS_futex, word, WAKE, count, NULL, NULL, 0);
#else
    (void)count;    /* each looks for itself */
    acquire(&any_word);
    release(&any_word);
    signal_all(&any_change);
#endif
}

/* In a forked child: those who slept in the parent are not there. */
static inline void forget_sleepers(void) {
#if !defined(__linux__)
    any_word = (system_lock)LOCK_INITIALIZER;
    any_change = (system_condition)CONDITION_INITIALIZER;
#endif
}

#endif
