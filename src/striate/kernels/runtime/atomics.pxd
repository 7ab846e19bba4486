"""C11's atomic objects, of the types that the kernels use; see ISO/IEC 9899:2011, 7.17.

Each function takes the memory order explicitly. An acquiring load of a value makes visible what the writer did before its
releasing store of that value. `memory_order_seq_cst` adds a single order of all such operations, on which all threads agree: if
two threads each write first and then read what the other writes, at least one of them sees the other's write.
"""

cdef extern from "<stdatomic.h>" nogil:
    ctypedef enum memory_order:
        memory_order_relaxed
        memory_order_acquire
        memory_order_release
        memory_order_seq_cst

    ctypedef int atomic_int
    ctypedef unsigned atomic_uint
    ctypedef Py_ssize_t atomic_ptrdiff_t
    ctypedef unsigned long long atomic_ullong

    void init_int "atomic_init"(atomic_int *, int) noexcept
    int load_int "atomic_load_explicit"(const atomic_int *, memory_order) noexcept
    void store_int "atomic_store_explicit"(atomic_int *, int, memory_order) noexcept
    int add_int "atomic_fetch_add_explicit"(atomic_int *, int, memory_order) noexcept

    void init_uint "atomic_init"(atomic_uint *, unsigned) noexcept
    unsigned load_uint "atomic_load_explicit"(const atomic_uint *, memory_order) noexcept

    void init_size "atomic_init"(atomic_ptrdiff_t *, Py_ssize_t) noexcept
    Py_ssize_t load_size "atomic_load_explicit"(const atomic_ptrdiff_t *, memory_order) noexcept
    void store_size "atomic_store_explicit"(atomic_ptrdiff_t *, Py_ssize_t, memory_order) noexcept
    Py_ssize_t add_size "atomic_fetch_add_explicit"(atomic_ptrdiff_t *, Py_ssize_t, memory_order) noexcept

    void init_ullong "atomic_init"(atomic_ullong *, unsigned long long) noexcept
    unsigned long long load_ullong "atomic_load_explicit"(const atomic_ullong *, memory_order) noexcept
    void store_ullong "atomic_store_explicit"(atomic_ullong *, unsigned long long, memory_order) noexcept
    bint exchange_ullong "atomic_compare_exchange_weak_explicit"(
        atomic_ullong *, unsigned long long *expected, unsigned long long desired, memory_order, memory_order) noexcept
