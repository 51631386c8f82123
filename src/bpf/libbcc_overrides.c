/* SPDX-License-Identifier: MIT */
/*
 * Four functions of libbcc that this process defines itself. See libbcc_overrides.h.
 *
 * tests/vm/remote/compiler.c is built with this file and without the rest of src/, so it calls
 * nothing but libc.
 */
#define _GNU_SOURCE
#include "libbcc_overrides.h"

#include <bcc/bcc_syms.h>
#include <bcc/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define OVERRIDE __attribute__((visibility("default"), used))

/* libbcc passes no context to these functions, so what they record is per process. */
static struct {
	struct object_map maps[OBJECT_MAPS_MAX];
	int fds[OBJECT_MAPS_MAX];
	size_t count;
} recorded;

size_t libbcc_overrides_maps(const struct object_map **mapsp)
{
	*mapsp = recorded.maps;
	return recorded.count;
}

int libbcc_overrides_map(int fd)
{
	for (size_t i = 0; i < recorded.count; i++)
		if (recorded.fds[i] == fd)
			return (int)i;
	return -ENOENT;
}

OVERRIDE int bcc_create_map_xattr(struct bcc_create_map_attr *attr, bool allow_rlimit)
{
	struct object_map *map = &recorded.maps[recorded.count];
	int fd;

	(void)allow_rlimit;
	if (recorded.count == OBJECT_MAPS_MAX || strlen(attr->name) >= sizeof(map->name)) {
		errno = E2BIG;
		return -1;
	}
	fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -1;
	*map = (struct object_map){
		.type = attr->map_type,
		.key_size = attr->key_size,
		.value_size = attr->value_size,
		.max_entries =
			attr->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ? 0 : attr->max_entries,
		.flags = attr->map_flags,
		.inner = -1,
	};
	if (attr->inner_map_fd && libbcc_overrides_map((int)attr->inner_map_fd) >= 0)
		map->inner = libbcc_overrides_map((int)attr->inner_map_fd);
	memcpy(map->name, attr->name, strlen(attr->name) + 1);
	recorded.fds[recorded.count++] = fd;
	return fd;
}

OVERRIDE void *bcc_symcache_new(int pid, struct bcc_symbol_option *option)
{
	(void)pid;
	(void)option;
	return &recorded; /* any pointer but NULL, which means failure */
}

OVERRIDE int bcc_symcache_resolve_name(void *resolver, const char *module, const char *name,
				       uint64_t *addr)
{
	(void)resolver;
	(void)module;
	(void)name;
	*addr = 1;
	return 0;
}

OVERRIDE void bcc_free_symcache(void *symcache, int pid)
{
	(void)symcache;
	(void)pid;
}
