#!/bin/sh
# SPDX-License-Identifier: MIT
# Two processes that write at the same time, $1 times each, $2 bytes (7) each time.
dd if=/dev/zero of=/dev/null bs="${2:-7}" count="$1" status=none &
dd if=/dev/zero of=/dev/null bs="${2:-7}" count="$1" status=none
wait
