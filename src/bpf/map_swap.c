/* SPDX-License-Identifier: MIT */
/* A hash table that is read by swapping it for an empty one. See map_swap.h. */
#define _GNU_SOURCE
#include "map_swap.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "map_batch.h"
#include "realtime.h"

/* Wait until no program runs that has begun before, where the kernel has not done that itself. */
static int wait_for_programs(const struct map_swap *swap)
{
	if (!swap->barrier && !swap->numbered)
		return 0;
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) < 0 ? -errno : 0;
}

/* At raised priority, so that the CPU misses no events during the call: see realtime.h. */
static int install(struct map_swap *swap, int which)
{
	uint32_t zero = 0, fd = (uint32_t)swap->maps[which], number = (uint32_t)which + 1;
	struct realtime before;
	int r;

	realtime_raise(&before);
	r = bpf_map_update_elem(swap->outer, &zero, swap->numbered ? &number : &fd, BPF_ANY);
	realtime_restore(&before);
	return r < 0 ? r : wait_for_programs(swap);
}

int map_swap_init(struct map_swap *swap, const struct loaded *loaded, const char *outer,
		  const char *template, size_t key_size, size_t value_size, struct error *err)
{
	int first = loader_map(loaded, template, key_size, value_size), other;
	char second[32];

	snprintf(second, sizeof(second), "other_%s", template);
	other = loader_map(loaded, second, key_size, value_size);
	*swap = (struct map_swap){ .outer = loader_map(loaded, outer, sizeof(uint32_t),
						       sizeof(uint32_t)),
				   .maps = { -1, -1 } };
	if (first == -EINVAL || other == -EINVAL)
		return error_set(err, -EINVAL, "keys or values of the table '%s' have other sizes",
				 template);
	if (first < 0 || swap->outer < 0)
		return error_set(err, -ENOENT, "the program has no table '%s'", template);
	swap->batch = map_batch_new(key_size, value_size);
	/* The template is an ordinary table, so it serves as the first of the two. */
	swap->maps[0] = fcntl(first, F_DUPFD_CLOEXEC, 3);
	if (swap->maps[0] < 0)
		return error_set(err, -errno, "duplicating a descriptor: %s", error_words(errno));
	swap->numbered = other >= 0;
	if (swap->numbered)
		swap->maps[1] = fcntl(other, F_DUPFD_CLOEXEC, 3);
	else
		swap->maps[1] = loader_new_map(loaded, template, err);
	if (swap->maps[1] < 0)
		return err->code ? err->code
				 : error_set(err, -errno, "duplicating a descriptor: %s",
					     error_words(errno));
	return swap->batch ? 0 : error_nomem(err);
}

int map_swap_start(struct map_swap *swap, struct error *err)
{
	int r = install(swap, swap->active);

	return r < 0 ? error_set(err, r, "installing a table: %s", error_words(r)) : 0;
}

int map_swap_stop(struct map_swap *swap, struct error *err)
{
	uint32_t zero = 0, none = 0;
	int r = swap->numbered ? bpf_map_update_elem(swap->outer, &zero, &none, BPF_ANY)
			       : bpf_map_delete_elem(swap->outer, &zero);

	swap->stopped = true;
	if (r == 0)
		r = wait_for_programs(swap);
	return r < 0 ? error_set(err, r, "removing a table: %s", error_words(r)) : 0;
}

void map_swap_clear(struct map_swap *swap)
{
	for (int i = 0; i < 2; i++)
		if (swap->maps[i] >= 0)
			close(steal_fd(&swap->maps[i]));
	map_batch_free(swap->batch);
	swap->batch = NULL;
}

int map_swap_read(struct map_swap *swap, map_entry_fn row, void *context, struct error *err)
{
	int old = swap->active, r;

	if (!swap->stopped) {
		r = install(swap, !old);
		if (r < 0)
			return error_set(err, r, "exchanging tables: %s", error_words(r));
		swap->active = !old;
	}
	r = map_batch_read(swap->batch, swap->maps[old], true, row, context);
	return r < 0 ? error_set(err, r, "reading a table: %s", error_words(r)) : 0;
}
