/* How many threads a team may have: all teams of the process share one budget, and the system must have the threads.
 *
 * Each thread that calls kernels leads a team of its own, for which OpenMP would start any number of threads that it is asked
 * for, however many other teams are busy. Therefore leaders and workers, the other members of teams, are counted over all
 * teams, and a team gets workers only while all of them together are fewer than a single call may use. A leader without workers
 * does everything itself. Leaders are the callers' own threads, and any number of them may be busy.
 *
 * An OpenMP runtime ends the process if it cannot start a thread, or has no memory for its data on a team. Therefore it is made
 * to start threads for one team at a time, and only after trial threads, which do nothing, have shown that the system can start
 * as many.
 *
 * The runtime keeps threads, asleep, for the leader for which it started them. If the next team of that leader is smaller,
 * GCC's runtime, libgomp, ends the superfluous threads, and LLVM's, libomp, keeps them for any leader that needs new ones.
 * Therefore the next team is as large as the last one, and members that are not workers leave it at once. A smaller team is
 * formed only if the leader had no use for all of them several times, or other leaders are busy, too. libgomp can end the
 * threads of an idle leader; libomp cannot.
 *
 * A fork waits until no leader is beginning or ending a parallel region, and meanwhile keeps others from doing so. A child
 * inherits the state of libomp's locks: a thread that waits for a lock has drawn a ticket, and in the child, where that thread
 * does not exist, its turn would never pass.
 */
#ifndef STRIATE_THREAD_BUDGET_H
#define STRIATE_THREAD_BUDGET_H

#include <ctype.h>
#include <omp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include "system.h"

#if !defined(_OPENMP)
#error "striate needs OpenMP"
#endif
#if !defined(__clang__)
#define LEADERS_END_THREADS 1
#include <pthread.h>
#else
#define LEADERS_END_THREADS 0
#endif
/* A function of OpenMP 5.0, which libgomp has had since GCC 9, long before GCC claimed to implement the whole of 5.0. */
#if _OPENMP >= 201811 || (defined(__GNUC__) && __GNUC__ >= 9)
#define end_kept_threads() omp_pause_resource_all(omp_pause_hard)
#else
#define end_kept_threads() 0
#endif

enum { MOST_KEPT = 4 };                     /* the most threads that are kept, as a multiple of those that one call may use */
enum { SMALLER_TEAMS = 16 };                /* teams with fewer workers than kept threads, in a row, before threads are ended */
enum { TEAM_SIZE = 16384, MEMBER_SIZE = 1024 };     /* bytes, more than a runtime allocates for a team and for each member */

static struct {
    system_lock lock;       /* guards all other fields */
    int leaders, workers;   /* the numbers of busy leaders and workers */
    int kept;               /* the number of threads that libgomp keeps for all leaders, busy or not */
    double refused;         /* the time when the system had no more threads; 0 for never */
    atomic_int in_runtime;  /* the number of leaders that begin or end a parallel region; it grows only under the lock */
    int sees_forks;         /* whether the functions to call around forks are registered */
} budget = {.lock = LOCK_INITIALIZER};

static THREAD_LOCAL int kept_for_leader;       /* the number of threads that the runtime keeps for the calling leader */
static THREAD_LOCAL int smaller_teams;         /* the number of its latest teams, in a row, that did not use all of them */
static THREAD_LOCAL int starting;              /* the number of threads that the runtime will start for it, under the lock */

#if LEADERS_END_THREADS
static pthread_key_t leader_key;
#endif

/* Record that the runtime now keeps `count` threads for the calling leader. `budget.lock` must be held. */
static void set_kept_threads(int count) {
#if LEADERS_END_THREADS
    budget.kept += count - kept_for_leader;
    pthread_setspecific(leader_key, &budget);   /* Any value but NULL makes the system call the destructor. */
#endif
    kept_for_leader = count;
    smaller_teams = 0;
}

#if LEADERS_END_THREADS
/* Called when a leader ends, with which libgomp ends its threads. */
static void forget_leader(void *unused) {
    (void)unused;
    acquire(&budget.lock);
    budget.kept -= kept_for_leader;
    kept_for_leader = 0;
    release(&budget.lock);
}
#endif

static void close_runtime(void) {
    acquire(&budget.lock);
    while (atomic_load(&budget.in_runtime)) rest();
}

static void open_runtime(void) { release(&budget.lock); }

/* Called in a forked child, where only the thread that forked exists, and no team is busy. */
static void forget_threads_of_parent(void) {
    budget.lock = (system_lock)LOCK_INITIALIZER;
    budget.leaders = budget.workers = budget.kept = kept_for_leader = starting = 0;
}

static void lock_budget(void) {
    acquire(&budget.lock);
    if (budget.sees_forks) return;
    /* Functions registered later are called earlier before a fork. libomp registers its own in its first call, so after these
     * functions it takes its locks when no leader is in the runtime any more. That call takes milliseconds, so it is not made
     * while striate is imported. */
    omp_in_parallel();
    call_around_fork(close_runtime, open_runtime, forget_threads_of_parent);
    budget.sees_forks = 1;
}

/* End the threads that are kept for the calling leader, which must have no team. */
static void end_threads_of_leader(void) {
#if LEADERS_END_THREADS
    if (kept_for_leader && !end_kept_threads()) set_kept_threads(0);
#endif
}

/* The stack size of the runtime's threads in bytes, or 0 for the default: OMP_STACKSIZE, in kilobytes if it names no unit. */
static size_t stack_size(void) {
    const char *value = getenv("OMP_STACKSIZE");
    if (!value) return 0;
    char *unit;
    double size = strtod(value, &unit);
    while (*unit == ' ') unit++;
    switch (toupper(*unit)) {
    case 'B': break;
    case 'M': size *= 1 << 20; break;
    case 'G': size *= 1 << 30; break;
    default: size *= 1 << 10;
    }
    return size > 0 ? (size_t)size : 0;
}

static void wait_for_others(void *lock) {
    acquire(lock);
    release(lock);
}

/* The number of further threads, at most `wanted`, that the system can start now. They are started on trial, and ended. */
static int threads_of_system(int wanted) {
    system_thread *tried = malloc((size_t)wanted * sizeof *tried);
    if (!tried) return 0;
    system_lock all_started = LOCK_INITIALIZER;
    size_t stack = stack_size();
    int count = 0;
    acquire(&all_started);
    while (count < wanted && start_thread(&tried[count], wait_for_others, &all_started, stack)) count++;
    release(&all_started);
    for (int i = 0; i < count; i++) join_thread(tried[i]);
    free(tried);
    return count;
}

static int there_is_memory_for(int members) { return there_is_memory(TEAM_SIZE + (size_t)members * MEMBER_SIZE); }

static void leave_runtime(void) { atomic_fetch_sub(&budget.in_runtime, 1); }

/* Called by the leader before it ends its parallel region. */
static void enter_runtime(void) {
    acquire(&budget.lock);
    atomic_fetch_add(&budget.in_runtime, 1);
    release(&budget.lock);
}

/* The number of workers, at most `more`, that the runtime can start for the calling leader in addition to those that it keeps.
 * The system must be able to start as many threads, and another one. */
static int workers_to_start(int more) {
    if (more <= 0 || refused_lately(budget.refused)) return 0;
    int had = threads_of_system(more + 1) - 1;
    if (had < more) budget.refused = seconds_now();
    return had > 0 && there_is_memory_for(kept_for_leader + had) ? had : 0;
}

/* Begin to lead a team, and return its number of workers: at most `wanted`, and so few that the leaders and workers of all
 * teams together are at most `limit`. If there are any workers, the caller must begin a parallel region with `*threads`
 * threads, which are the leader, those that are kept for it and those that the runtime starts for it, and then call
 * `region_has_begun`. */
static int acquire_workers(int wanted, int limit, int *threads) {
    lock_budget();
    budget.leaders++;
    int left = limit - budget.leaders - budget.workers, workers = wanted < left ? wanted : left;
    if (workers < 0 || omp_in_parallel()) workers = 0;
    starting = workers_to_start(workers - kept_for_leader);
    if (workers > kept_for_leader + starting) workers = kept_for_leader + starting;
    if (workers && !starting && !there_is_memory_for(kept_for_leader)) workers = 0;
    if (workers) {
        smaller_teams = workers < kept_for_leader ? smaller_teams + 1 : 0;
        if (smaller_teams > SMALLER_TEAMS || (smaller_teams && budget.leaders > 1)) set_kept_threads(workers);
        *threads = 1 + kept_for_leader + starting;
    } else if (left <= 0) {
        end_threads_of_leader();    /* Other teams use the whole budget. */
    }
    budget.workers += workers;
    if (workers) atomic_fetch_add(&budget.in_runtime, 1);
    if (!starting) release(&budget.lock);
    return workers;
}

/* Called by the leader as soon as it is in the parallel region, which has `threads` threads. */
static void region_has_begun(int threads) {
    leave_runtime();
    if (!starting) return;
    if (threads - 1 < kept_for_leader + starting) budget.refused = seconds_now();   /* The environment may limit threads. */
    set_kept_threads(threads - 1);
    starting = 0;
    release(&budget.lock);
}

static void release_workers(int workers, int limit) {
    if (workers) leave_runtime();
    acquire(&budget.lock);
    budget.leaders--;
    budget.workers -= workers;
    if (budget.kept > MOST_KEPT * limit) end_threads_of_leader();
    release(&budget.lock);
}

static int has_kept_threads(void) { return kept_for_leader > 0; }

/* Called before a fork. A child has none of its parent's threads, but libgomp would wait for them in the child's first parallel
 * region. Parent and child start new threads when they need some. */
static void end_threads_before_fork(void) {
    lock_budget();
    if (!end_kept_threads()) set_kept_threads(0);
    release(&budget.lock);
}

static void begin_budget(void) {
#if LEADERS_END_THREADS
    pthread_key_create(&leader_key, forget_leader);
#endif
}

#endif
