# SPDX-License-Identifier: MIT
# One process, which starts 5 threads.
import threading

threads = [threading.Thread(target=print) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
