/* SPDX-License-Identifier: MIT */
/* Names of the ways to open a file: system calls, and requests to an io_uring. */
#ifndef OPENAT_CALL_NAMES_H
#define OPENAT_CALL_NAMES_H

#include <stddef.h>

#include "syscall_names.h"

/**
 * open_slot_name() - "openat", "i386:openat", "io_uring:openat2"
 * @slot: see enum open_slot; below OPEN_SLOTS
 * @size: of @buf; SYSCALL_NAME_MAX are enough
 */
void open_slot_name(size_t slot, char *buf, size_t size);

#endif
