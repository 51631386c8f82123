# SPDX-License-Identifier: MIT
# 60 opens that are all in progress at once: 60 threads open a FIFO that nobody writes to yet.
import os
import tempfile
import threading
import time


def wait_for_sleep(thread):
    stat = os.open(f"/proc/self/task/{thread}/stat", os.O_RDONLY)
    while os.pread(stat, 100, 0).split()[2] != b"S":
        time.sleep(0.001)
    os.close(stat)


with tempfile.TemporaryDirectory() as directory:
    fifo = os.path.join(directory, "fifo")
    os.mkfifo(fifo)
    readers = [threading.Thread(target=os.open, args=(fifo, os.O_RDONLY)) for _ in range(60)]
    for reader in readers:
        reader.start()
        wait_for_sleep(reader.native_id)
    os.open(fifo, os.O_WRONLY)
    for reader in readers:
        reader.join()
