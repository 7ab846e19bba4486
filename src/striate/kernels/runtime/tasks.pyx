"""Sharing tasks among threads: a single module, called by all families of kernels, so that they all find the same team.

The thread that calls kernels leads a team, whose other threads are its workers. The leader submits jobs one by one. A job is
cut into units, ranges of neighbouring tasks, and the next pending unit is taken by whichever thread is ready, leader or worker.
So between the beginning and the end of a team, nothing waits for anything but units that are in progress, and never for a
thread that the system has suspended. (A loop of OpenMP's own ends only when each of its threads has reached the end.) Between
jobs, workers spin for a moment, longer than most pauses, and then park until there is work, so that other programs can run.
(Between two parallel regions, OpenMP's threads fall asleep after some microseconds, and take ten times as long to wake up.)

There is one `prange`, over the members of a team. It is entered with the GIL held, and releases it until its end: once for all
operations of a program, or once for a single operation. Code of other projects may call kernels without the GIL; if such an
operation needs a team, the GIL is taken first.
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
    int acquire_workers(int wanted, int limit, int *threads) noexcept
    void region_has_begun(int threads) noexcept
    void release_workers(int workers, int limit) noexcept
    bint has_kept_threads() noexcept
    void enter_runtime() noexcept
    void end_threads_before_fork() noexcept

cdef extern from *:
    """
    static THREAD_LOCAL void *led_team;         /* the team that the calling thread leads, or NULL */
    static THREAD_LOCAL int most_threads;       /* the most threads for which it has shared a job since `begin_counting` */
    """
    void *led_team
    int most_threads

cdef enum:
    FALSE_SHARING = 128     # bytes between data that different threads write, since processors fetch cache lines in pairs
    WORKERS_SHIFT = 48      # `Team.pending` has the number of threads from this bit on, and the number of units below it

cdef double SPINNING = 100e-6       # seconds for which a waiting thread spins before it parks


cdef struct Job:
    task_function function
    const void *arguments           # what all tasks of the function share
    Py_ssize_t tasks, units
    char *memory
    Py_ssize_t memory_of_thread


cdef struct Team:
    Job job                         # the current job, written by the leader while no unit is pending
    char before_pending[FALSE_SHARING]
    atomic_ullong pending           # the number of units that no thread has taken yet, and of threads that may take them
    char before_done[FALSE_SHARING]
    atomic_ptrdiff_t done           # the number of the job's units that workers have completed
    char before_shutdown[FALSE_SHARING]
    atomic_int shutdown             # whether workers must leave
    atomic_int parked               # the number of workers that are parked, or about to park
    atomic_uint submissions         # the word on which workers park
    char before_leader[FALSE_SHARING]
    atomic_int leader_parked        # whether the leader is parked, or about to park
    atomic_ptrdiff_t awaited        # the value of `done` for which the leader waits
    atomic_uint completions         # the word on which the leader parks


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


cdef inline void execute_unit(const Job *job, Py_ssize_t unit, int member) noexcept nogil:
    cdef Py_ssize_t task = unit, end = unit + 1
    if job.units < job.tasks:
        task = job.tasks * unit // job.units
        end = job.tasks * (unit + 1) // job.units
    while task < end:
        job.function(job.arguments, task, job.memory + member * job.memory_of_thread)
        task += 1


cdef Py_ssize_t execute_pending(Team *team, int member) noexcept nogil:
    """Take units and execute them until none is pending; return their number.

    Taking a unit acquires what the leader wrote before it released `pending`, which includes the job. The job does not change
    before the unit is done, since the leader waits for all units.
    """
    cdef Py_ssize_t count = 0
    cdef unsigned long long pending = load_ullong(&team.pending, memory_order_acquire)
    while may_take(pending, member):
        if exchange_ullong(&team.pending, &pending, pending - 1, memory_order_acquire, memory_order_acquire):
            execute_unit(&team.job, team.job.units - units_of(pending), member)
            count += 1
            pending = load_ullong(&team.pending, memory_order_acquire)
    return count


# ----------------------------------------------------------------------------------------------------------------- workers

cdef void wake_workers(Team *team, int count) noexcept nogil:
    """Wake up to ``count`` parked workers, after the caller has changed `pending` or `shutdown`.

    A worker first counts itself as parked and then reads both again; the leader first changes them and then reads `parked`. All
    of these operations are memory_order_seq_cst, so at least one of the two threads sees what the other wrote.
    """
    if load_int(&team.parked, memory_order_seq_cst):
        change_and_wake(&team.submissions, count)


cdef bint park_worker(Team *team, int member) noexcept nogil:
    """Park until there is work, or the team is shut down; return whether a job was submitted that this worker may share."""
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

    The addition releases what the units wrote, and the leader acquires it when it reads `done`. As in `wake_workers`, the
    leader marks itself as parked before it reads `done` again.
    """
    cdef Py_ssize_t done = add_size(&team.done, units, memory_order_seq_cst) + units
    if load_int(&team.leader_parked, memory_order_seq_cst) and done >= load_size(&team.awaited, memory_order_seq_cst):
        change_and_wake(&team.completions, 1)


cdef void work(Team *team, int member) noexcept nogil:
    """Work as a member of the team until it is shut down."""
    cdef spinning state = spinning(0, 0)
    cdef float_state before = flush_denormals()
    cdef Py_ssize_t units
    while not load_int(&team.shutdown, memory_order_acquire):
        units = execute_pending(team, member)
        if units:
            complete(team, units)
            state.turns = 0
        elif not spin(&state, SPINNING) and park_worker(team, member):
            state.turns = 0         # It spins again, since more jobs are likely to follow.
    restore_float_state(before)


# -------------------------------------------------------------------------------------------------------------- the leader

cdef void park_leader(Team *team, Py_ssize_t units) noexcept nogil:
    """Park until workers have completed ``units`` units: see `complete`."""
    cdef unsigned before = load_uint(&team.completions, memory_order_seq_cst)
    store_size(&team.awaited, units, memory_order_seq_cst)
    store_int(&team.leader_parked, 1, memory_order_seq_cst)
    if load_size(&team.done, memory_order_seq_cst) < units:
        park_while(&team.completions, before)
    store_int(&team.leader_parked, 0, memory_order_seq_cst)


cdef void submit(Team *team, const Job *job, int threads) noexcept nogil:
    """Execute a job with the leader and up to ``threads`` - 1 workers."""
    cdef spinning state = spinning(0, 0)
    cdef float_state before = flush_denormals()
    cdef Py_ssize_t by_workers
    team.job = job[0]
    # A worker adds to `done` only after taking a unit, and then it sees this store, since `pending` is released after it.
    store_size(&team.done, 0, memory_order_relaxed)
    store_ullong(&team.pending, <unsigned long long>threads << WORKERS_SHIFT | <unsigned long long>job.units,
                 memory_order_seq_cst)
    wake_workers(team, <int>min(job.units - 1, <Py_ssize_t>INT_MAX))
    by_workers = job.units - execute_pending(team, 0)
    while load_size(&team.done, memory_order_acquire) < by_workers:
        if not spin(&state, SPINNING):
            park_leader(team, by_workers)
    restore_float_state(before)


cdef void lead(Team *team, void (*body)(void *) noexcept nogil, void *arguments) noexcept nogil:
    """Call ``body``, which submits its jobs to the team, and then shut the team down."""
    global led_team
    cdef void *before = led_team
    led_team = team
    body(arguments)
    led_team = before
    store_int(&team.shutdown, 1, memory_order_seq_cst)
    wake_workers(team, INT_MAX)


cdef inline void join_team(Team *team, int member, int workers, void (*body)(void *) noexcept nogil,
                           void *arguments) noexcept nogil:
    if member == 0:
        region_has_begun(openmp.omp_get_num_threads())
        lead(team, body, arguments)
        enter_runtime()
    elif member <= workers:
        work(team, member)


cdef void run_with_workers(void (*body)(void *) noexcept nogil, void *arguments, int wanted, int limit) noexcept:
    """Call ``body`` with up to ``wanted`` workers; ``limit`` is the number of threads that all teams together may have."""
    cdef int threads = 1, workers, member
    cdef Team team
    with nogil:     # The GIL is released here, since in a function declared nogil, `prange` would take it only to release it.
        workers = acquire_workers(wanted, limit, &threads)
        init_team(&team)
        if threads == 1:
            lead(&team, body, arguments)
        else:
            # Each thread is one member, and the caller's is member 0. If OpenMP has fewer threads than members, some threads
            # become another member at the end, which returns at once. The loop begins with a barrier, because `prange` keeps
            # the last value of its variable: only there and at the end does the leader wait for threads to wake up.
            for member in prange(threads, num_threads=threads, schedule="static", chunksize=1):
                join_team(&team, member, workers, body, arguments)
        release_workers(workers, limit)


cdef void run_with_team(void (*body)(void *) noexcept nogil, void *arguments, int threads) noexcept:
    """Call ``body``; its jobs are executed by this thread and up to ``threads`` - 1 workers."""
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
    """Execute the job of a thread that leads no team, with a team for this job only."""
    cdef Single single = Single(job, threads)
    run_with_workers(submit_single, &single, <int>min(job.units, <Py_ssize_t>threads) - 1, threads)


cdef void share(task_function function, const void *arguments, Py_ssize_t tasks, Py_ssize_t units, int threads, void *memory,
                Py_ssize_t memory_of_thread) noexcept nogil:
    """Execute tasks on several threads, each of which takes a unit of neighbouring tasks at a time."""
    global most_threads
    cdef Job job = Job(function, arguments, tasks, units, <char *>memory, memory_of_thread)
    most_threads = max(most_threads, threads)
    if led_team != NULL:
        submit(<Team *>led_team, &job, threads)
    else:
        run_single(&job, threads)


cdef void begin_counting() noexcept nogil:
    """Begin to count the threads with which this thread shares jobs."""
    global most_threads
    most_threads = 1


cdef int threads_shared() noexcept nogil:
    """The most threads, itself included, for which this thread has shared a job since `begin_counting`."""
    return most_threads


# ---------------------------------------------------------------------------------------------------------- the finest tasks

def set_finest(bint enabled):
    """Set whether every operation is divided among threads as finely as possible, whatever its size.

    It lets tests find faults that otherwise only large operations on many threads would show. Working memory is filled with NaN
    before each task, so that no task can rely on what another one left there, and the last task runs first. No bit of a result
    may change. A program must be run with the setting with which it was made, since its working memory depends on it.
    """
    global finest
    finest = enabled


def get_finest():
    """Return whether every operation is divided among threads as finely as possible."""
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
    """Whether this thread has, or can get, other threads to share tasks with: the system or the runtime may allow only one."""
    if not has_kept_threads():
        run_with_workers(do_nothing, NULL, 1, MOST_THREADS)
    return has_kept_threads()


def _before_fork():
    with nogil:
        end_threads_before_fork()


begin_budget()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=forget_parked)
