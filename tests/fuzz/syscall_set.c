/* SPDX-License-Identifier: MIT */
/*
 * The value of -e: a set has at least one call, or the list is refused. Leaving a call out
 * afterwards leaves it out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "syscall_names.h"
#include "syscall_set.h"

static int count(const struct syscall_entry *entry, void *context)
{
	HOLDS(entry->name[0] && (size_t)entry->abi < SYSCALL_ABIS && entry->number >= 0 &&
	      entry->number < ABI_CALLS);
	++*(size_t *)context;
	return 0;
}

static size_t slots(const struct syscall_set *set)
{
	size_t n = 0;

	for (size_t slot = 0; slot < SYSCALL_SLOTS; slot++)
		n += syscall_set_has(set, slot);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct error err = ERROR_INIT;
	struct syscall_set set = { .any = false }, without;
	char *list = input_text(&input, '\0'), *longer;
	size_t listed = 0;
	int r = syscall_set_parse(&set, list, &err);

	HOLDS(r == 0 || (r == -EINVAL && err.code == r && err.text[0] && !set.any));
	if (r == 0) {
		HOLDS(set.any && slots(&set) && !syscall_set_has(&set, SYSCALL_SLOTS));
		HOLDS(syscall_list(count, &set, &listed) == 0 && listed <= slots(&set));
		HOLDS(asprintf(&longer, "%s,!read", list) > 0);
		if (syscall_set_parse(&without, longer, &err) == 0)
			HOLDS(!syscall_set_has(&without,
					       (size_t)syscall_number(ABI_NATIVE, "read")) &&
			      slots(&without) <= slots(&set));
		free(longer);
	}
	error_clear(&err);
	free(list);
	return 0;
}
