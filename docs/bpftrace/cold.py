# SPDX-License-Identifier: MIT
# Opens /dev/null 100 times. Each name is in a page of memory that nobody has read before.
import ctypes
import mmap
import os
import tempfile

PAGE = 4096
library = ctypes.CDLL(None)
with tempfile.NamedTemporaryFile() as file:
    file.write(b"/dev/null".ljust(PAGE, b"\0") * 100)
    file.flush()
    memory = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for number in range(100):
        os.close(library.open(ctypes.c_void_p(start + number * PAGE), os.O_RDONLY))
