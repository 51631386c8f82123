/* SPDX-License-Identifier: MIT */
/*
 * System calls that the libseccomp in use may be too old to know: names and numbers in each ABI,
 * complete up to Linux 7.2. syscall_names.c asks this table for what libseccomp cannot answer.
 *
 * A new kernel's calls are added here; tests/e2e/test_syscalls_recent.py names the missing ones.
 */
#ifndef RECENT_CALLS_H
#define RECENT_CALLS_H

#include <stddef.h>

#include "syscalls.h"

/**
 * struct recent_call - a call
 * @number: the same in every ABI that has it; for x32 without bit 30
 * @name:   without prefix; static storage
 * @abis:   a set of bits, 1 << ABI_NATIVE and so on
 */
struct recent_call {
	int number;
	const char *name;
	unsigned abis;
};

/** recent_calls_name() - the name of a call, in static storage; NULL if the table lacks it. */
const char *recent_calls_name(enum syscall_abi abi, int number);

/** recent_calls_number() - the number of a call; -1 if the table has none of that name. */
int recent_calls_number(enum syscall_abi abi, const char *name);

/** recent_calls_entry() - entry number @index, in the order of numbers; NULL after the last one. */
const struct recent_call *recent_calls_entry(size_t index);

#endif
