#!/usr/bin/env python3
"""take.py: print this process's pid, and the blocks whose handles come on standard input, one on a line.

A block is seen as a memoryview, and as an array where NumPy is there: neither copies a byte. SHSHARED_LIBRARY is the path of
the library where it is not installed. The other side is send, or anything else that gives.
"""
import contextlib
import ctypes
import os
import sys

try:
    import numpy
except ImportError:
    numpy = None

SHS_OK = 0
SHS_READ, SHS_READ_WRITE = 0, 1


def load():
    library = ctypes.CDLL(os.environ.get("SHSHARED_LIBRARY", "libshshared.so.0.2"))
    handle, pid = ctypes.c_uint32, ctypes.c_uint32
    library.shs_self.restype = pid
    library.shs_status_text.restype = ctypes.c_char_p
    library.shs_start.argtypes = [ctypes.c_void_p]
    library.shs_lock.argtypes = [handle, pid, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p),
                                 ctypes.POINTER(ctypes.c_size_t)]
    library.shs_unlock.argtypes = [ctypes.c_void_p]
    library.shs_free.argtypes = [handle, pid]
    return library


def must(library, status):
    if status != SHS_OK:
        raise OSError(library.shs_status_text(status).decode())


@contextlib.contextmanager
def locked(library, handle, owner, access=SHS_READ):
    """The bytes of a block; they must not be used afterwards."""
    address, size = ctypes.c_void_p(), ctypes.c_size_t()
    must(library, library.shs_lock(handle, owner, access, ctypes.byref(address), ctypes.byref(size)))
    view = memoryview((ctypes.c_ubyte * size.value).from_address(address.value)).cast("B")
    try:
        yield view if access == SHS_READ_WRITE else view.toreadonly()
    finally:
        must(library, library.shs_unlock(address))


def take(library, handle, owner):
    with locked(library, handle, owner) as view:
        os.write(sys.stdout.fileno(), view)
        if numpy is not None:
            array = numpy.frombuffer(view, dtype=numpy.uint8)
            print(f"take.py: {array.size} bytes, mean {array.mean():.1f}", file=sys.stderr)
    must(library, library.shs_free(handle, owner))


def main():
    library = load()
    must(library, library.shs_start(None))
    owner = library.shs_self()
    print(owner, flush=True)
    for line in sys.stdin:
        take(library, int(line), owner)
    library.shs_stop()


if __name__ == "__main__":
    main()
