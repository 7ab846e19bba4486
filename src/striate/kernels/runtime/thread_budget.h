/* How many threads a team may have: no more than all teams of the process share, and than the system has.
 *
 * Each thread that calls kernels leads a team of its own, for which OpenMP would start as many threads as are asked for,
 * however many other teams are at work. So leaders and workers, the other members of teams, are counted over all teams, and
 * workers are given only while all of them together are fewer than one call may use alone. A leader without workers does
 * everything itself. Leaders are the callers' own threads, and any number of them may be busy.
 *
 * An OpenMP runtime ends the process if it cannot start a thread, or has no memory for what it knows of a team. Here it
 * starts threads for one team at a time, and after as many threads that do nothing have shown that the system has them.
 *
 * The runtime keeps threads, asleep, for the leader that it started them for. Those that its next team does without GCC's,
 * libgomp, ends, and LLVM's, libomp, keeps for whoever needs new ones. So the next team is as large as the last, and members
 * that are no workers leave it at once; only a leader that had no use for them several times, or is not alone, does without.
 * libgomp can end the threads of a leader that is idle; libomp cannot.
 *
 * A fork waits until no leader begins or ends a parallel region, and keeps others from it meanwhile. The child has libomp's locks
 * as they are: a thread that waits for one has drawn a ticket, whose turn never passes, also in the child, where nobody has it.
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
/* Of OpenMP 5.0; libgomp has it since GCC 9, long before GCC claimed the whole of 5.0. */
#if _OPENMP >= 201811 || (defined(__GNUC__) && __GNUC__ >= 9)
#define end_kept_threads() omp_pause_resource_all(omp_pause_hard)
#else
#define end_kept_threads() 0
#endif

enum { MOST_KEPT = 4 };                     /* threads that are kept, as a multiple of those that one call may use */
enum { SMALLER_TEAMS = 16 };                /* that a leader has one after the other until threads are ended */
enum { TEAM_SIZE = 16384, MEMBER_SIZE = 1024 };     /* bytes: more than a runtime allocates for a team and for a member */

static struct {
    system_lock lock;       /* of all that follows */
    int leaders, workers;   /* that are busy */
    int kept;               /* threads that libgomp keeps for all leaders, whether or not they are busy */
    double refused;         /* when the system had no more threads; 0 for never */
    atomic_int in_runtime;  /* leaders that begin or end a parallel region; grows only under the lock */
    int sees_forks;         /* whether what is to be done around forks is registered */
} budget = {.lock = LOCK_INITIALIZER};

static OF_THREAD int kept_for_leader;       /* threads that the runtime need not start for the calling leader */
static OF_THREAD int smaller_teams;         /* that it had since it last had use for all of them */
static OF_THREAD int starting;              /* threads that the runtime is to start for it; the lock is held until it has */

#if LEADERS_END_THREADS
static pthread_key_t leader_key;
#endif

/* Note that the runtime keeps so many for the calling leader from now on. `budget.lock` is held. */
static void set_kept_threads(int count) {
#if LEADERS_END_THREADS
    budget.kept += count - kept_for_leader;
    pthread_setspecific(leader_key, &budget);   /* anything but NULL, for the destructor to be called */
#endif
    kept_for_leader = count;
    smaller_teams = 0;
}

#if LEADERS_END_THREADS
/* libgomp ends a leader's threads with it. */
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

/* In the child: the thread that forked is alone, and no team is busy. */
static void forget_threads_of_parent(void) {
    budget.lock = (system_lock)LOCK_INITIALIZER;
    budget.leaders = budget.workers = budget.kept = kept_for_leader = starting = 0;
}

static void lock_budget(void) {
    acquire(&budget.lock);
    if (budget.sees_forks) return;
    /* What was registered last comes first before a fork: libomp, which registers in its first call, takes its locks when no leader
     * is in the runtime any more. Not while striate is imported, since that call takes milliseconds. */
    omp_in_parallel();
    call_around_fork(close_runtime, open_runtime, forget_threads_of_parent);
    budget.sees_forks = 1;
}

/* End the threads that are kept for the calling leader, which has no team. */
static void end_threads_of_leader(void) {
#if LEADERS_END_THREADS
    if (kept_for_leader && !end_kept_threads()) set_kept_threads(0);
#endif
}

/* Bytes of the stack of the runtime's threads, 0 for as many as is usual: OMP_STACKSIZE, of kilobytes if it names no unit. */
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

/* How many more threads the system has, up to `wanted`; none of them is left. */
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

/* Called by the leader before it ends the parallel region. */
static void enter_runtime(void) {
    acquire(&budget.lock);
    atomic_fetch_add(&budget.in_runtime, 1);
    release(&budget.lock);
}

/* How many workers the runtime can start for the calling leader besides those that it keeps, up to `more`: the system must have
 * as many threads, and one to spare. */
static int workers_to_start(int more) {
    if (more <= 0 || refused_lately(budget.refused)) return 0;
    int had = threads_of_system(more + 1) - 1;
    if (had < more) budget.refused = seconds_now();
    return had > 0 && there_is_memory_for(kept_for_leader + had) ? had : 0;
}

/* Begin to lead a team; return how many workers it has: up to `wanted`, and as many as leaders and workers of all teams are
 * fewer than `limit`. If there are any, a parallel region of so many `threads` must begin, which are those that are kept for the
 * leader and those that the runtime starts for it. `region_has_begun` must be called then. */
static int begin_to_lead(int wanted, int limit, int *threads) {
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
        end_threads_of_leader();    /* others do the work */
    }
    budget.workers += workers;
    if (workers) atomic_fetch_add(&budget.in_runtime, 1);
    if (!starting) release(&budget.lock);
    return workers;
}

/* Called by the leader as soon as it is in the parallel region, of so many threads. */
static void region_has_begun(int threads) {
    leave_runtime();
    if (!starting) return;
    if (threads - 1 < kept_for_leader + starting) budget.refused = seconds_now();   /* the environment may limit them */
    set_kept_threads(threads - 1);
    starting = 0;
    release(&budget.lock);
}

static void end_to_lead(int workers, int limit) {
    if (workers) leave_runtime();
    acquire(&budget.lock);
    budget.leaders--;
    budget.workers -= workers;
    if (budget.kept > MOST_KEPT * limit) end_threads_of_leader();
    release(&budget.lock);
}

static int has_kept_threads(void) { return kept_for_leader > 0; }

/* Before a fork: a child has none of its parent's threads, but libgomp would wait for them in the child's first parallel region.
 * Parent and child start new ones when they need some. */
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
