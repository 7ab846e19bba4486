/* How many threads a team may have: no more than all teams of the process share, and than the system has.
 *
 * Each thread that calls kernels leads a team of its own, for which OpenMP would start as many threads as are asked for,
 * however many other teams are at work. So leaders and helpers, who are all other members, are counted over all teams, and
 * helpers are given only while all of them together are fewer than one call may use alone. A leader without helpers does the
 * work himself. Leaders are the callers' own threads, and any number of them may be at work.
 *
 * An OpenMP runtime ends the process if it cannot start a thread, or has no memory for what it knows of a team. Here it
 * starts threads for one team at a time, and after as many threads that do nothing have shown that the system has them.
 *
 * The runtime keeps threads, asleep, for the leader that it started them for. Those that his next team does without GCC's,
 * libgomp, ends, and LLVM's, libomp, keeps for whoever needs new ones. So the next team is as large as the last, and members
 * that shall not help leave it at once; only a leader who had no use for them several times, or is not alone, does without.
 * libgomp can end the threads of a leader who is idle; libomp cannot.
 *
 * A fork waits until no leader begins or ends a parallel region, and keeps others from it meanwhile. The child would have libomp's
 * locks as they are: whoever waits for one has drawn a number, which is never passed over, also in the child, where nobody has it.
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
    int leaders, helpers;   /* at work */
    int kept;               /* threads that libgomp keeps for all leaders, whether or not they are at work */
    double refused;         /* when the system had no more threads; 0 for never */
    _Atomic int in_runtime; /* leaders who begin or end a parallel region; grows only under the lock */
    int sees_forks;         /* whether what is to be done around forks is registered */
} budget = {.lock = LOCK_INITIALIZER};

static OF_THREAD int kept_for_leader;       /* threads that the runtime need not start for the calling leader */
static OF_THREAD int smaller_teams;         /* that he had since he last had use for all of them */

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
/* libgomp ends a leader's threads with him. */
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

/* In the child: the thread that forked is alone, and no team is at work. */
static void forget_threads_of_parent(void) {
    budget.lock = (system_lock)LOCK_INITIALIZER;
    budget.leaders = budget.helpers = budget.kept = kept_for_leader = 0;
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

/* End the threads that are kept for the calling leader, who has no team. */
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

/* Have the runtime start `more` threads for the calling leader, if the system has them and one to spare, else fewer. */
static void start_more_threads(int more) {
    if (refused_lately(budget.refused)) return;
    int kept = kept_for_leader, had = threads_of_system(more + 1) - 1, team = 1;
    if (had > 0 && there_is_memory_for(kept + had)) {
#pragma omp parallel num_threads(1 + kept + had)
        {
#pragma omp master
            team = omp_get_num_threads();   /* which the environment may limit */
        }
        set_kept_threads(team - 1);
    }
    if (team - 1 < kept + more) budget.refused = seconds_now();
}

static void enter_runtime(void) {
    acquire(&budget.lock);
    atomic_fetch_add(&budget.in_runtime, 1);
    release(&budget.lock);
}

static void leave_runtime(void) { atomic_fetch_sub(&budget.in_runtime, 1); }

/* Begin to lead a team; return how many helpers it has: up to `wanted`, and as many as leaders and helpers of all teams are
 * fewer than `limit`. If there are any, a team of all threads that are kept for the leader must begin, and its leader be out of the
 * runtime between its beginning and its end. */
static int begin_to_lead(int wanted, int limit) {
    lock_budget();
    budget.leaders++;
    int left = limit - budget.leaders - budget.helpers, helpers = wanted < left ? wanted : left;
    if (helpers < 0 || omp_in_parallel()) helpers = 0;
    if (helpers > kept_for_leader) {
        start_more_threads(helpers - kept_for_leader);
        if (helpers > kept_for_leader) helpers = kept_for_leader;
    }
    if (helpers && !there_is_memory_for(kept_for_leader)) helpers = 0;
    if (helpers) {
        smaller_teams = helpers < kept_for_leader ? smaller_teams + 1 : 0;
        if (smaller_teams > SMALLER_TEAMS || (smaller_teams && budget.leaders > 1)) set_kept_threads(helpers);
    } else if (left <= 0) {
        end_threads_of_leader();    /* others do the work */
    }
    budget.helpers += helpers;
    if (helpers) atomic_fetch_add(&budget.in_runtime, 1);
    release(&budget.lock);
    return helpers;
}

static void end_to_lead(int helpers, int limit) {
    if (helpers) leave_runtime();
    acquire(&budget.lock);
    budget.leaders--;
    budget.helpers -= helpers;
    if (budget.kept > MOST_KEPT * limit) end_threads_of_leader();
    release(&budget.lock);
}

/* Whether the calling thread has a helper, or can have one. */
static int can_have_helper(void) {
    lock_budget();
    if (!kept_for_leader && !omp_in_parallel()) start_more_threads(1);
    int can = kept_for_leader > 0;
    release(&budget.lock);
    return can;
}

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
