"""A program: operations in a row, each the struct of its arguments and the function that carries it out."""
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy

cdef extern from "omp.h" nogil:
    double omp_get_wtime()

cdef enum:
    CACHE_LINE = 64


cdef inline Py_ssize_t run_until_call(Step *steps, Py_ssize_t i, Py_ssize_t count, bint timed) noexcept nogil:
    """Carry steps out from the i-th on; return the number of the first that is a call of Python, or ``count``."""
    cdef double before = 0
    while i < count and steps[i].function != NULL:
        if timed:
            before = omp_get_wtime()
        steps[i].function(&steps[i].operation)
        if timed:
            steps[i].seconds = omp_get_wtime() - before
        i += 1
    return i


cdef class Program:
    """Operations in a row, on arrays that stay where they are.

    The functions of ``striate.kernels.bindings`` append to it. It keeps alive what it is given by `keep`, which must be all
    arrays that were passed to them. One thread at a time may run it.
    """

    def __cinit__(self):
        self.steps = NULL
        self.scratch = NULL
        self.count = self.room = 0
        self.scratch_size = 0
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
        self.append(NULL, NULL, 0, -1, 0)
        self.calls.append(function)

    cdef int append(self, step_function function, const void *operation, size_t size, Py_ssize_t scratch,
                    size_t scratch_size) except -1:
        cdef Step *steps
        cdef Step *step
        if self.count == self.room:
            steps = <Step *>realloc(self.steps, (2 * self.room + 16) * sizeof(Step))
            if steps == NULL:
                raise MemoryError("no memory for another step of a program")
            self.steps, self.room = steps, 2 * self.room + 16
        step = &self.steps[self.count]
        step.function, step.scratch, step.seconds = function, scratch, 0
        memcpy(&step.operation, operation, size)
        if scratch >= 0:        # to be told where it is before the next run, as all others
            self.scratch_size = max(self.scratch_size, scratch_size)
            free(self.scratch)
            self.scratch = NULL
        self.count += 1
        return 0

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
                (<void **>(<char *>&self.steps[i].operation + self.steps[i].scratch))[0] = <void *>start
        return 0

    cdef int execute(self, bint timed) except -1:
        cdef Py_ssize_t i = 0, call = 0
        cdef double before
        if self.scratch == NULL:
            self.lend_scratch()
        while True:
            with nogil:
                i = run_until_call(self.steps, i, self.count, timed)
            if i == self.count:
                return 0
            before = omp_get_wtime()
            self.calls[call]()
            self.steps[i].seconds = omp_get_wtime() - before
            call += 1
            i += 1

    def run(self):
        """Carry all steps out."""
        self.execute(False)

    def time(self):
        """Carry all steps out and return how many seconds each took."""
        self.execute(True)
        return [self.steps[i].seconds for i in range(self.count)]
