/* SPDX-License-Identifier: MIT */
/* Names of the ways to open a file. See call_names.h. */
#include "call_names.h"

#include <stdio.h>

#include "openat/records.h"

void open_slot_name(size_t slot, char *buf, size_t size)
{
	if (slot == OPEN_URING_OPENAT)
		snprintf(buf, size, "io_uring:openat");
	else if (slot == OPEN_URING_OPENAT2)
		snprintf(buf, size, "io_uring:openat2");
	else
		syscall_slot_name(slot, buf, size);
}
