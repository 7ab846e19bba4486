"""A program: operations in a row, each the struct of its arguments and the function that carries it out."""
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy
from striate.kernels.ops cimport CACHE_LINE
from striate.kernels.tasks cimport begin_counting, finest, poison, run_with_team, threads_shared

cdef extern from "system.h" nogil:
    double seconds_now()


cdef struct Run:
    Step *steps
    Py_ssize_t next, count
    bint timed
    void *scratch               # to be poisoned before each step: NULL unless there are the finest tasks
    size_t scratch_size


cdef void run_until_call(void *arguments) noexcept nogil:
    """Carry out steps from the next on; then the next is the first that is a call of Python, or ``count``."""
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


cdef class Program:
    """Operations in a row, on arrays that stay where they are.

    The functions of ``striate.kernels.bindings`` append to it. It keeps alive what it is given by `keep`, which must be all
    arrays that were passed to them. One thread at a time may run it.
    """

    def __cinit__(self):
        self.steps = NULL
        self.scratch = NULL
        self.count = self.room = 0
        self.threads, self.counted = 1, False
        self.scratch_size = 0
        self.finest = finest
        self.calls = []
        self.kept = []

    def __dealloc__(self):
        free(self.steps)
        free(self.scratch)

    def __len__(self):
        return self.count

    @property
    def scratch_bytes(self):
        """Size of the working memory that its steps share."""
        return self.scratch_size

    def keep(self, thing):
        """Keep ``thing`` alive as long as the program."""
        self.kept.append(thing)

    def call(self, function):
        """Append a call of ``function()``."""
        self.next_step().run = NULL
        self.calls.append(function)

    cdef int append(self, const Kernel *kernel, const void *op, size_t size, int threads, Py_ssize_t scratch) except -1:
        """Append a kernel with the struct of its arguments; ``scratch`` is where in it the pointer to working memory is."""
        cdef Step *step = self.next_step()
        step.run = kernel.run
        memcpy(&step.arguments, op, size)
        if kernel.scratch != NULL:      # to be told where it is before the next run, as all others
            step.scratch = scratch
            self.scratch_size = max(self.scratch_size, kernel.scratch(op))
            free(self.scratch)
            self.scratch = NULL
        self.threads, self.counted = max(self.threads, threads), False
        return 0

    cdef Step *next_step(self) except NULL:
        """Return a new step at the end, which needs no working memory yet."""
        cdef Step *steps
        cdef Step *step
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
        """Allocate the working memory and tell each step of it."""
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
        if not self.counted:        # What a step shares depends on its shapes: the next run will share the same.
            self.threads, self.counted = threads, True
        return 0

    def run(self):
        """Carry all steps out."""
        self.execute(False)

    def time(self):
        """Carry all steps out and return how many seconds each took."""
        self.execute(True)
        return [self.steps[i].seconds for i in range(self.count)]
