"""A program: a sequence of operations, each given by the struct of its arguments and the function that executes it."""
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy
from striate.kernels.ops cimport CACHE_LINE
from striate.kernels.tasks cimport begin_counting, finest, poison, run_static, run_with_team, threads_shared

cdef extern from "system.h" nogil:
    double seconds_now()


cdef void run_until_call(void *arguments) noexcept nogil:
    """Execute steps up to the first one that calls Python, or to the end, and set ``next`` to it."""
    cdef Run *run = <Run *>arguments
    cdef Step *step
    cdef double before = 0
    while run.next < run.count and run.steps[run.next].run != NULL:
        step = &run.steps[run.next]
        if run.scratch != NULL:
            poison(run.scratch, run.scratch_size)
        if run.timed:
            before = seconds_now()
        step.run(&step.arguments)
        if run.timed:
            step.seconds = seconds_now() - before
        run.next += 1


cdef void run_branch(const void *runs, Py_ssize_t task, void *memory) noexcept nogil:
    """One task: all steps of one program."""
    run_until_call(<void *>(<const Run *>runs + task))


cdef void run_branches(const void *arguments) noexcept nogil:
    cdef const Branches *branches = <const Branches *>arguments
    run_static(run_branch, branches.runs, branches.count, branches.count, NULL, 0)


cdef class Program:
    """A sequence of operations on arrays that stay where they are in memory.

    The functions of ``striate.kernels.bindings`` append to it. All arrays that are passed to them must also be passed to
    `keep`, which keeps them alive. Only one thread at a time may run a program.
    """

    def __cinit__(self):
        self.steps = NULL
        self.scratch = NULL
        self.count = self.room = 0
        self.threads, self.counted = 1, False
        self.scratch_size = 0
        self.finest = finest
        self.complete = False
        self.calls = []
        self.kept = []
        self.branches = []

    def __dealloc__(self):
        free(self.steps)
        free(self.scratch)

    def __len__(self):
        return self.count

    @property
    def scratch_bytes(self):
        """The size of the working memory that the steps share, and of that of its branches, in bytes."""
        cdef Program program
        return self.scratch_size + sum(program.scratch_bytes for _, programs in self.branches for program in programs)

    def keep(self, thing):
        """Keep ``thing`` alive as long as the program exists."""
        self.kept.append(thing)

    def call(self, function):
        """Append a step that calls the Python function ``function`` without arguments."""
        self.next_step().run = NULL
        self.calls.append(function)

    def branch(self, list programs):
        """Append a step that executes programs at the same time, each on one thread.

        They are different programs, whose steps use one thread each, and call no Python function. From now on they are
        complete: no step can be appended to them. They write to separate memory.
        """
        cdef Program program
        cdef bytearray runs = bytearray(max(len(programs), 1) * sizeof(Run))
        cdef Step *step
        programs = list(programs)
        for program in programs:
            if program is None or program is self or program.complete or program.threads > 1 or program.calls or (
                    program.branches or programs.count(program) > 1):
                raise ValueError("a branch needs threads, calls Python or is one already; expected different programs, whose "
                                 "steps one thread executes alone")
        for program in programs:
            program.complete = True
        self.keep(runs)
        step = self.next_step()
        step.run = run_branches
        step.arguments.branches.runs = <Run *><char *>runs
        step.arguments.branches.count = len(programs)
        self.branches.append((self.count - 1, programs))
        self.threads, self.counted = max(self.threads, <int>len(programs)), False

    cdef int prepare_branches(self, bint timed) except -1:
        """Let the steps that execute branches begin with the first step of each."""
        cdef Program program
        cdef Run *run
        cdef Py_ssize_t i
        for i, programs in self.branches:
            run = self.steps[i].arguments.branches.runs
            for program in programs:
                if program.scratch == NULL:
                    program.lend_scratch()
                run[0] = Run(program.steps, 0, program.count, timed, NULL, 0)
                run += 1
        return 0

    cdef int append(self, const Kernel *kernel, const void *op, size_t size, int threads, Py_ssize_t scratch) except -1:
        """Append a kernel with the struct of its arguments; ``scratch`` is the offset of its pointer to working memory."""
        cdef Step *step = self.next_step()
        step.run = kernel.run
        memcpy(&step.arguments, op, size)
        if kernel.scratch != NULL:      # Before the next run, the memory is allocated again, and all steps get its address.
            step.scratch = scratch
            self.scratch_size = max(self.scratch_size, kernel.scratch(op))
            free(self.scratch)
            self.scratch = NULL
        self.threads, self.counted = max(self.threads, threads), False
        return 0

    cdef Step *next_step(self) except NULL:
        """Append a step, as yet without working memory, and return it."""
        cdef Step *steps
        cdef Step *step
        if self.complete:
            raise ValueError("the program is a branch of another one; expected all of its steps before")
        if self.count == self.room:
            steps = <Step *>realloc(self.steps, (2 * self.room + 16) * sizeof(Step))
            if steps == NULL:
                raise MemoryError("no memory for another step of a program")
            self.steps, self.room = steps, 2 * self.room + 16
        step = &self.steps[self.count]
        step.scratch, step.seconds = -1, 0
        self.count += 1
        return step

    cdef int lend_scratch(self) except -1:
        """Allocate the working memory, and give each step its address."""
        cdef uintptr_t start
        cdef Py_ssize_t i
        self.scratch = <char *>malloc(self.scratch_size + CACHE_LINE)
        if self.scratch == NULL:
            raise MemoryError(f"no {self.scratch_size} bytes for a program's working memory")
        start = (<uintptr_t>self.scratch + CACHE_LINE - 1) // CACHE_LINE * CACHE_LINE
        for i in range(self.count):
            if self.steps[i].scratch >= 0:
                (<void **>(<char *>&self.steps[i].arguments + self.steps[i].scratch))[0] = <void *>start
        return 0

    cdef int execute(self, bint timed) except -1:
        cdef Py_ssize_t call = 0
        cdef int threads = 1
        cdef double before
        cdef Run run = Run(self.steps, 0, self.count, timed, NULL, self.scratch_size)
        if self.finest != finest:
            raise RuntimeError("the program was made with another setting of `set_finest`")
        if self.scratch == NULL:
            self.lend_scratch()
        self.prepare_branches(timed)
        if finest:
            run.scratch = self.scratch
        while True:
            begin_counting()
            run_with_team(run_until_call, &run, self.threads)
            threads = max(threads, threads_shared())
            if run.next == self.count:
                break
            before = seconds_now()
            self.calls[call]()
            self.steps[run.next].seconds = seconds_now() - before
            call += 1
            run.next += 1
        if not self.counted:        # Which steps share tasks depends only on their shapes, so it is the same in each run.
            self.threads, self.counted = threads, True
        return 0

    def run(self):
        """Execute all steps."""
        self.execute(False)

    def time(self):
        """Execute all steps, and return the seconds that each took."""
        self.execute(True)
        return self.seconds()

    def seconds(self):
        """Return the seconds that each step took in the last call of `time`, by this program or the one whose branch it is."""
        return [self.steps[i].seconds for i in range(self.count)]
