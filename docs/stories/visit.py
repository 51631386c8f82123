# SPDX-License-Identifier: MIT
# Waits for the server on a port, asks it for two pages, and ends it as systemd would.
import os
import signal
import sys
import time
import urllib.error
import urllib.request

port = sys.argv[1]


def server():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"python3") and words[1:4] == [b"-m", b"http.server", port.encode()]:
            return int(pid)
    return None


def get(path):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").status
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:
        return None
    except OSError as error:
        return f"no answer: {error}"


for _ in range(1000):
    first = get("/")
    if first:
        break
    time.sleep(0.1)
print("asked for /:", first)
print("asked for /missing:", get("/missing"))
os.kill(server(), signal.SIGINT)
