/* A team of threads that share tasks, for one job or for all jobs of a program: see tasks.pyx.
 *
 * OpenMP starts the threads; the rest is done here, for two reasons. A parallel region of OpenMP ends when every thread has come to
 * its end, so that a thread which the system lets wait holds up the others; here whoever is there takes what there is to do, and
 * only tasks that are under way are waited for. And between two regions its threads fall asleep after some microseconds, and take
 * ten times as long to wake up; members of a team stay awake from one job to the next. After a moment of spinning, longer than most
 * pauses between jobs, they sleep until there is something to do, so that other programs can work, too.
 *
 * In C, since Cython's `prange` takes and gives back Python's global lock around a parallel region of a `nogil` function, as it
 * cannot know who holds it: with another Python thread at work, each region would wait for that thread, twice.
 */
#ifndef STRIATE_TEAM_H
#define STRIATE_TEAM_H

#include <limits.h>
#include <omp.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include "tasks.h"
#include "thread_budget.h"
#include "waiting.h"

static const double AWAKE = 100e-6; /* seconds of waiting before falling asleep */
enum { APART = 128 };               /* bytes between what different threads write: processors fetch cache lines in pairs */
enum { MEMBER_SHIFT = 48 };         /* of `open`: above it how many members may take part, below it how many units are left */
#define UNITS ((UINT64_C(1) << MEMBER_SHIFT) - 1)

/* Tasks, in units of neighbouring ones that a thread takes at once. Each thread has working memory of its own. */
typedef struct {
    task_function function;
    const void *job;
    ptrdiff_t tasks, units;
    char *memory;
    ptrdiff_t memory_of_thread;
} shared_job;

typedef struct {
    shared_job now;                             /* written while there is nothing to take */
    alignas(APART) _Atomic uint64_t open;
    alignas(APART) _Atomic ptrdiff_t done;      /* units carried out by others than the leader */
    alignas(APART) _Atomic int dissolved;
    _Atomic int asleep;                         /* members who wait for a change of … */
    _Atomic uint32_t news;                      /* … this, which comes with a job, or the team's end */
    alignas(APART) _Atomic int leader_asleep;   /* whether the leader waits for a change of … */
    _Atomic uint32_t returned;                  /* … this, which comes when so many units … */
    _Atomic ptrdiff_t awaited;                  /* … are done by others */
} team;

/* The team that the calling thread leads; and what it shared since it was last asked: how many jobs, and among how many threads */
static OF_THREAD team *led;
static OF_THREAD ptrdiff_t jobs_shared;
static OF_THREAD int most_members;

static inline void carry_out(const shared_job *now, ptrdiff_t unit, int member) {
    char *memory = now->memory + member * now->memory_of_thread;
    ptrdiff_t task = unit, end = unit + 1;
    if (now->units < now->tasks) {
        task = now->tasks * unit / now->units;
        end = now->tasks * (unit + 1) / now->units;
    }
    for (; task < end; task++) now->function(now->job, task, memory);
}

/* Whether there are units that this member may take. */
static inline int is_for(uint64_t open, int member) {
    return (open & UNITS) && (uint64_t)member < open >> MEMBER_SHIFT;
}

/* Carry out units as long as there are any that nobody has taken; return how many. To have taken one makes sure that `now` stays:
 * the leader waits for it. */
static ptrdiff_t take_part(team *members, int member) {
    ptrdiff_t count = 0;
    uint64_t open = atomic_load_explicit(&members->open, memory_order_acquire);
    while (is_for(open, member)) {
        if (!atomic_compare_exchange_weak_explicit(&members->open, &open, open - 1, memory_order_acquire, memory_order_acquire))
            continue;
        carry_out(&members->now, members->now.units - (ptrdiff_t)(open & UNITS), member);
        count++;
        open = atomic_load_explicit(&members->open, memory_order_acquire);
    }
    return count;
}

/* Who falls asleep says so before it looks once more; who has news looks for sleepers afterwards. One of them sees the other.
 * Return whether there was a job that this member might take part in: more are likely to follow. */
static int sleep_until_news(team *members, int member) {
    uint32_t before = atomic_load(&members->news);
    atomic_fetch_add(&members->asleep, 1);
    if (!is_for(atomic_load(&members->open), member) && !atomic_load(&members->dissolved)) sleep_while(&members->news, before);
    atomic_fetch_sub(&members->asleep, 1);
    return atomic_load(&members->news) != before && (uint64_t)member < atomic_load(&members->open) >> MEMBER_SHIFT;
}

static void tell_members(team *members, ptrdiff_t count) {
    if (atomic_load(&members->asleep)) change_and_wake(&members->news, count < INT_MAX ? (int)count : INT_MAX);
}

static void sleep_until_returned(team *members, ptrdiff_t others) {
    uint32_t before = atomic_load(&members->returned);
    atomic_store(&members->awaited, others);
    atomic_store(&members->leader_asleep, 1);
    if (atomic_load(&members->done) < others) sleep_while(&members->returned, before);
    atomic_store(&members->leader_asleep, 0);
}

static void return_units(team *members, ptrdiff_t count) {
    ptrdiff_t done = atomic_fetch_add(&members->done, count) + count;
    if (atomic_load(&members->leader_asleep) && done >= atomic_load(&members->awaited)) change_and_wake(&members->returned, 1);
}

static void follow(team *members, int member) {
    patience wait = {0, 0};
    float_state before = flush_denormals();
    while (!atomic_load_explicit(&members->dissolved, memory_order_acquire)) {
        ptrdiff_t count = take_part(members, member);
        if (count) {
            return_units(members, count);
            wait.turns = 0;
        } else if (!wait_a_turn(&wait, AWAKE) && sleep_until_news(members, member)) {
            wait.turns = 0;
        }
    }
    restore_float_state(before);
}

static void lead(team *members, const shared_job *job, int threads) {
    patience wait = {0, 0};
    float_state before = flush_denormals();
    members->now = *job;
    atomic_store_explicit(&members->done, 0, memory_order_relaxed);
    atomic_store(&members->open, (uint64_t)threads << MEMBER_SHIFT | (uint64_t)job->units);
    tell_members(members, job->units - 1);
    ptrdiff_t others = job->units - take_part(members, 0);
    while (atomic_load_explicit(&members->done, memory_order_acquire) < others) {
        if (!wait_a_turn(&wait, AWAKE)) sleep_until_returned(members, others);
    }
    restore_float_state(before);
}

static void lead_body(team *members, void (*body)(void *), void *argument) {
    team *before = led;
    led = members;
    body(argument);
    led = before;
    atomic_store(&members->dissolved, 1);
    tell_members(members, INT_MAX);
}

/* Call `body` on this thread; meanwhile others, as many as the budget of `threads` for all teams leaves, up to `wanted`, carry out
 * tasks of the jobs that it shares. */
static void run_with_team(void (*body)(void *), void *argument, int wanted, int threads) {
    team members;
    atomic_init(&members.open, 0);
    atomic_init(&members.done, 0);
    atomic_init(&members.dissolved, 0);
    atomic_init(&members.asleep, 0);
    atomic_init(&members.news, 0);
    atomic_init(&members.leader_asleep, 0);
    atomic_init(&members.returned, 0);
    atomic_init(&members.awaited, 0);
    int helpers = begin_to_lead(wanted, threads);
    if (helpers) {
#pragma omp parallel num_threads(1 + kept_for_leader)
        {
            int member = omp_get_thread_num();
            if (!member) {
                leave_runtime();
                lead_body(&members, body, argument);
                enter_runtime();
            } else if (member <= helpers) {
                follow(&members, member);
            }
        }
    } else {
        lead_body(&members, body, argument);
    }
    end_to_lead(helpers, threads);
}

typedef struct {
    const shared_job *job;
    int threads;
} single_job;

static void lead_single(void *argument) {
    const single_job *single = argument;
    lead(led, single->job, single->threads);
}

static void share_tasks(task_function function, const void *job, ptrdiff_t tasks, ptrdiff_t units, int threads, char *memory,
                        ptrdiff_t memory_of_thread) {
    shared_job shared = {function, job, tasks, units, memory, memory_of_thread};
    jobs_shared++;
    if (threads > most_members) most_members = threads;
    if (led) {
        lead(led, &shared, threads);
    } else {
        single_job single = {&shared, threads};
        run_with_team(lead_single, &single, (units < threads ? (int)units : threads) - 1, threads);
    }
}

static void forget_shared(void) {
    jobs_shared = 0;
    most_members = 1;
}

#endif
