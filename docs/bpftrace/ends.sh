#!/bin/sh
# SPDX-License-Identifier: MIT
# Starts three programs: one does not exist, one fails, one is killed.
/nonexistent
sh -c 'exit 3'
sh -c 'kill -9 $$'
exit 0
