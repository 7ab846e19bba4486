"""Sharing tasks among threads: one module, called by all families of kernels, so that threads stay together for all of them.

The thread that calls kernels leads a team, whose other threads are its workers. The leader submits jobs, one after the other;
each is a number of units, neighbouring tasks that a thread takes at once. Whoever is there takes the next pending unit, the
leader as well, so that between a team's beginning and end, only units which are under way are waited for, never a thread that
the system has put aside. (At the end of each loop of OpenMP's own, each of its threads is waited for.) Between jobs, workers
spin for a moment, longer than most pauses, and then park until there is something to do, so that other programs can work, too.
(Between two parallel regions, OpenMP's threads fall asleep after some microseconds, and take ten times as long to wake up.)

There is one `prange`: over the members of a team. It is entered where the GIL is held, which it releases once, by a program for
all of its operations, or for a single one by the function that binds it to Python. Code of other projects may call kernels
without the GIL; for an operation that needs a team, the GIL is taken first.
"""

import os

cimport openmp
from cython.parallel cimport prange
from libc.limits cimport INT_MAX
from striate.kernels.runtime.atomics cimport (add_int, add_size, atomic_int, atomic_ptrdiff_t, atomic_uint, atomic_ullong,
                                              exchange_ullong, init_int, init_size, init_uint, init_ullong, load_int, load_size,
                                              load_uint, load_ullong, memory_order_acquire, memory_order_relaxed,
                                              memory_order_seq_cst, store_int, store_size, store_ullong)

cdef extern from "denormals.h" nogil:
    ctypedef struct float_state:
        pass
    float_state flush_denormals() noexcept
    void restore_float_state(float_state before) noexcept

cdef extern from "parking.h" nogil:
    ctypedef struct spinning:
        unsigned turns
        double since
    bint spin(spinning *state, double seconds) noexcept
    void park_while(atomic_uint *word, unsigned value) noexcept
    void change_and_wake(atomic_uint *word, int count) noexcept
    void forget_parked() noexcept

cdef extern from "thread_budget.h" nogil:
    void begin_budget() noexcept
    int begin_to_lead(int wanted, int limit, int *threads) noexcept
    void region_has_begun(int threads) noexcept
    void end_to_lead(int workers, int limit) noexcept
    bint has_kept_threads() noexcept
    void enter_runtime() noexcept
    void end_threads_before_fork() noexcept

cdef extern from *:
    """
    static OF_THREAD void *led_team;            /* the team that the calling thread leads, or NULL */
    static OF_THREAD int most_threads;          /* among which it has shared a job since it was last asked */
    """
    void *led_team
    int most_threads

cdef enum:
    FALSE_SHARING = 128     # bytes between what different threads write: processors fetch cache lines in pairs
    WORKERS_SHIFT = 48      # in `Team.pending`, the number of threads is above this bit, that of units below it

cdef double SPINNING = 100e-6       # seconds until a thread that waits is parked


cdef struct Job:
    task_function function
    const void *arguments           # of the function
    Py_ssize_t tasks, units
    char *memory
    Py_ssize_t memory_of_thread


cdef struct Team:
    Job job                         # written by the leader while no unit is pending
    char before_pending[FALSE_SHARING]
    atomic_ullong pending           # units that nobody has taken yet, and how many threads may take them
    char before_done[FALSE_SHARING]
    atomic_ptrdiff_t done           # units of the job that workers have carried out
    char before_shutdown[FALSE_SHARING]
    atomic_int shutdown             # whether workers are to leave
    atomic_int parked               # how many workers are, or are about to be
    atomic_uint submissions         # the word that they are parked on
    char before_leader[FALSE_SHARING]
    atomic_int leader_parked        # whether the leader is, or is about to be
    atomic_ptrdiff_t awaited        # how large `done` must be for the leader to go on
    atomic_uint completions         # the word that the leader is parked on


cdef void init_team(Team *team) noexcept nogil:
    init_ullong(&team.pending, 0)
    init_size(&team.done, 0)
    init_int(&team.shutdown, 0)
    init_int(&team.parked, 0)
    init_uint(&team.submissions, 0)
    init_int(&team.leader_parked, 0)
    init_size(&team.awaited, 0)
    init_uint(&team.completions, 0)


# ------------------------------------------------------------------------------------------------------------ units of a job

cdef inline Py_ssize_t units_of(unsigned long long pending) noexcept nogil:
    return <Py_ssize_t>(pending & ((<unsigned long long>1 << WORKERS_SHIFT) - 1))


cdef inline unsigned long long threads_of(unsigned long long pending) noexcept nogil:
    return pending >> WORKERS_SHIFT


cdef inline bint may_take(unsigned long long pending, int member) noexcept nogil:
    return units_of(pending) > 0 and <unsigned long long>member < threads_of(pending)


cdef inline void carry_out(const Job *job, Py_ssize_t unit, int member) noexcept nogil:
    cdef Py_ssize_t task = unit, end = unit + 1
    if job.units < job.tasks:
        task = job.tasks * unit // job.units
        end = job.tasks * (unit + 1) // job.units
    while task < end:
        job.function(job.arguments, task, job.memory + member * job.memory_of_thread)
        task += 1


cdef Py_ssize_t carry_out_pending(Team *team, int member) noexcept nogil:
    """Take units and carry them out until none is pending; return how many.

    To take one acquires what the leader wrote before it released `pending`: the job. The job then stays as it is until the unit
    is done, since the leader waits for all units.
    """
    cdef Py_ssize_t count = 0
    cdef unsigned long long pending = load_ullong(&team.pending, memory_order_acquire)
    while may_take(pending, member):
        if exchange_ullong(&team.pending, &pending, pending - 1, memory_order_acquire, memory_order_acquire):
            carry_out(&team.job, team.job.units - units_of(pending), member)
            count += 1
            pending = load_ullong(&team.pending, memory_order_acquire)
    return count


# ----------------------------------------------------------------------------------------------------------------- workers

cdef void wake_workers(Team *team, int count) noexcept nogil:
    """Wake those who are parked; the caller has just changed `pending` or `shutdown`.

    A worker first counts itself as parked and then looks at both once more; here it is the other way round. All four are in the
    one order of memory_order_seq_cst, in which one of the two comes first and is seen by the other.
    """
    if load_int(&team.parked, memory_order_seq_cst):
        change_and_wake(&team.submissions, count)


cdef bint park_worker(Team *team, int member) noexcept nogil:
    """Park until there is something to do; return whether a job came that this worker may have had a part in."""
    cdef unsigned before = load_uint(&team.submissions, memory_order_seq_cst)
    add_int(&team.parked, 1, memory_order_seq_cst)
    if (not may_take(load_ullong(&team.pending, memory_order_seq_cst), member)
            and not load_int(&team.shutdown, memory_order_seq_cst)):
        park_while(&team.submissions, before)
    add_int(&team.parked, -1, memory_order_seq_cst)
    return (load_uint(&team.submissions, memory_order_seq_cst) != before
            and <unsigned long long>member < threads_of(load_ullong(&team.pending, memory_order_seq_cst)))


cdef void complete(Team *team, Py_ssize_t units) noexcept nogil:
    """Count units as done, and wake the leader if they are the last ones.

    The addition releases what the units wrote to the leader, who acquires `done`. As in `wake_workers`, the leader says that it
    is parked before it looks at `done` once more.
    """
    cdef Py_ssize_t done = add_size(&team.done, units, memory_order_seq_cst) + units
    if load_int(&team.leader_parked, memory_order_seq_cst) and done >= load_size(&team.awaited, memory_order_seq_cst):
        change_and_wake(&team.completions, 1)


cdef void work(Team *team, int member) noexcept nogil:
    """What a worker does until the team is shut down."""
    cdef spinning state = spinning(0, 0)
    cdef float_state before = flush_denormals()
    cdef Py_ssize_t units
    while not load_int(&team.shutdown, memory_order_acquire):
        units = carry_out_pending(team, member)
        if units:
            complete(team, units)
            state.turns = 0
        elif not spin(&state, SPINNING) and park_worker(team, member):
            state.turns = 0         # more jobs are likely to follow
    restore_float_state(before)


# -------------------------------------------------------------------------------------------------------------- the leader

cdef void park_leader(Team *team, Py_ssize_t units) noexcept nogil:
    """Park until workers have carried out so many units: see `complete`."""
    cdef unsigned before = load_uint(&team.completions, memory_order_seq_cst)
    store_size(&team.awaited, units, memory_order_seq_cst)
    store_int(&team.leader_parked, 1, memory_order_seq_cst)
    if load_size(&team.done, memory_order_seq_cst) < units:
        park_while(&team.completions, before)
    store_int(&team.leader_parked, 0, memory_order_seq_cst)


cdef void submit(Team *team, const Job *job, int threads) noexcept nogil:
    """Have a job carried out by the leader and up to ``threads`` - 1 workers."""
    cdef spinning state = spinning(0, 0)
    cdef float_state before = flush_denormals()
    cdef Py_ssize_t by_workers
    team.job = job[0]
    # No worker counts before it has taken a unit, and then it sees this: `pending` is released after it.
    store_size(&team.done, 0, memory_order_relaxed)
    store_ullong(&team.pending, <unsigned long long>threads << WORKERS_SHIFT | <unsigned long long>job.units,
                 memory_order_seq_cst)
    wake_workers(team, <int>min(job.units - 1, <Py_ssize_t>INT_MAX))
    by_workers = job.units - carry_out_pending(team, 0)
    while load_size(&team.done, memory_order_acquire) < by_workers:
        if not spin(&state, SPINNING):
            park_leader(team, by_workers)
    restore_float_state(before)


cdef void lead(Team *team, void (*body)(void *) noexcept nogil, void *arguments) noexcept nogil:
    """Call ``body``, which submits its jobs to the team."""
    global led_team
    cdef void *before = led_team
    led_team = team
    body(arguments)
    led_team = before
    store_int(&team.shutdown, 1, memory_order_seq_cst)
    wake_workers(team, INT_MAX)


cdef inline void take_part(Team *team, int member, int workers, void (*body)(void *) noexcept nogil,
                           void *arguments) noexcept nogil:
    if member == 0:
        region_has_begun(openmp.omp_get_num_threads())
        lead(team, body, arguments)
        enter_runtime()
    elif member <= workers:
        work(team, member)


cdef void run_with_workers(void (*body)(void *) noexcept nogil, void *arguments, int wanted, int limit) noexcept:
    """Call ``body`` with up to ``wanted`` workers; ``limit`` is how many threads all teams of the process may have."""
    cdef int threads = 1, workers, member
    cdef Team team
    with nogil:     # and not within a function that is called so: `prange` would take the GIL there to release it
        workers = begin_to_lead(wanted, limit, &threads)
        init_team(&team)
        if threads == 1:
            lead(&team, body, arguments)
        else:
            # Each thread is one member, the caller's own is member 0. If there are fewer threads than members, some are another
            # member afterwards, which leaves at once. The loop begins with a barrier, since `prange` keeps its variable's last
            # value: the leader waits for threads that wake up here, and not for any until the end.
            for member in prange(threads, num_threads=threads, schedule="static", chunksize=1):
                take_part(&team, member, workers, body, arguments)
        end_to_lead(workers, limit)


cdef void run_with_team(void (*body)(void *) noexcept nogil, void *arguments, int threads) noexcept:
    """Call ``body``; the jobs that it shares are carried out by this thread and up to ``threads`` - 1 workers."""
    if threads > 1:
        run_with_workers(body, arguments, threads - 1, threads)
    else:
        with nogil:
            body(arguments)


# ----------------------------------------------------------------------------------------------------------- jobs of kernels

cdef struct Single:
    const Job *job
    int threads


cdef void submit_single(void *arguments) noexcept nogil:
    cdef const Single *single = <const Single *>arguments
    submit(<Team *>led_team, single.job, single.threads)


cdef void run_single(const Job *job, int threads) noexcept with gil:
    """Carry out the job of a caller who leads no team, by one for this job alone."""
    cdef Single single = Single(job, threads)
    run_with_workers(submit_single, &single, <int>min(job.units, <Py_ssize_t>threads) - 1, threads)


cdef void share(task_function function, const void *arguments, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil:
    """Carry tasks out on several threads, each of which takes a unit of neighbouring ones at a time."""
    global most_threads
    cdef Job job = Job(function, arguments, tasks, units, <char *>memory, memory_of_thread)
    most_threads = max(most_threads, threads)
    if led_team != NULL:
        submit(<Team *>led_team, &job, threads)
    else:
        run_single(&job, threads)


cdef void begin_counting() noexcept nogil:
    """Count from now on what this thread shares."""
    global most_threads
    most_threads = 1


cdef int threads_shared() noexcept nogil:
    """Among how many threads at most this thread has shared a job since then."""
    return most_threads


# ---------------------------------------------------------------------------------------------------------- the finest tasks

def set_finest(bint enabled):
    """Set whether every operation is shared out as finely as it can be, whatever its size.

    Tests see what otherwise only large operations on many threads would show. Working memory is full of NaN before each task,
    which cannot live on what another has left there, and the last task comes first. No result may change by a bit.
    A program must be run with the setting that it was made with, which its working memory depends on.
    """
    global finest
    finest = enabled


def get_finest():
    """Return whether every operation is shared out as finely as it can be."""
    return finest


cdef struct Finest:
    task_function function
    const void *arguments
    Py_ssize_t tasks, memory_of_thread


cdef void finest_task(const void *arguments, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Finest *all = <const Finest *>arguments
    poison(memory, all.memory_of_thread)
    all.function(all.arguments, all.tasks - 1 - task, memory)


cdef void share_finest(task_function function, const void *arguments, Py_ssize_t tasks, int threads, void *memory,
                       Py_ssize_t memory_of_thread) noexcept nogil:
    cdef Finest all = Finest(function, arguments, tasks, memory_of_thread)
    if threads == 1 or tasks <= 1:
        run_serial(finest_task, &all, tasks, memory)
    else:
        share(finest_task, &all, tasks, tasks, threads, memory, memory_of_thread)


# ------------------------------------------------------------------------------------------------------- threads and forks

cdef void do_nothing(void *arguments) noexcept nogil:
    pass


def gets_threads():
    """Whether there are other threads to share tasks with, or can be: the system or the runtime may be limited to one."""
    if not has_kept_threads():
        run_with_workers(do_nothing, NULL, 1, MOST_THREADS)
    return has_kept_threads()


def _before_fork():
    with nogil:
        end_threads_before_fork()


begin_budget()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=forget_parked)
