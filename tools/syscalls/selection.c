/* SPDX-License-Identifier: MIT */
/* The calls that -e selects. See selection.h. */
#include "selection.h"

#include <bpf/bpf.h>
#include <string.h>

#include "calls.h"
#include "syscall_names.h"
#include "syscalls_plan.h"

int syscalls_fill_selection(const struct syscalls_options *options, const struct loaded *loaded,
			    struct error *err)
{
	struct syscall_bits bits = { .bits = { 0 } };
	uint32_t slots[SYSCALL_NAMED_MAX], zero = 0;
	size_t count;
	int r = 0;

	if (!options->set.any)
		return 0;
	memcpy(bits.bits, options->set.bits, sizeof(options->set.bits));
	for (size_t i = 0; i < SYSCALL_SLOTS / 64; i++)
		bits.numbers[i % SYSCALL_NUMBER_WORDS] |= options->set.bits[i];
	/* The program has to see them: execve begins a command, and the others may return as
	 * another call. */
	count = syscall_slots(MAKER_CALLS, slots);
	for (size_t i = 0; i < count; i++)
		bits.numbers[slots[i] % ABI_CALLS / 64] |= 1ULL << slots[i] % 64;
	r = bpf_map_update_elem(loader_map(loaded, "selected", sizeof(zero), sizeof(bits)), &zero,
				&bits, BPF_ANY);
	return r < 0 ? error_set(err, r, "selecting system calls: %s", error_words(r)) : 0;
}
