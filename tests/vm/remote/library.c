/* SPDX-License-Identifier: MIT */
/*
 * Replaces libbcc.so.0 in a guest: the three functions of its compiler that the tools use. The work
 * is done by compiler.c on the host, because an emulated machine takes ten times as long for it.
 *
 * It is preloaded into the tool, whose dlopen() finds it. The tool's compiling child closes all
 * descriptors and then gives up the right to open files for writing. So this library opens the file
 * just before that: it replaces syscall(), by which the child closes them.
 */
#define _GNU_SOURCE
#include <bcc/libbpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "remote.h"

enum {
	MAPS_MAX = 64,
	POLL_NS = 2000000,
	WAIT_S = 120,
	FILE_FD = 500, /* a number that no other descriptor has */
};

/* What the tool gets as its opaque module. */
struct module {
	char *reply;
	const char *functions;
	uint32_t nfunctions;
	int fds[MAPS_MAX];
};

static int file = -1;

/* Stay loaded in the tool, but not in a command that the tool starts. */
__attribute__((constructor)) static void begin(void)
{
	if (strncmp(program_invocation_short_name, "bcc-", strlen("bcc-")) == 0)
		unsetenv("LD_PRELOAD");
}

static void open_file(void)
{
	struct timespec now;
	char path[128];
	int fd;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(path, sizeof(path), "%s/%d.%lld.%09ld", REMOTE_DIRECTORY, (int)getpid(),
		 (long long)now.tv_sec, now.tv_nsec);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	file = fd < 0 ? -1 : dup3(fd, FILE_FD, O_CLOEXEC);
}

/* libc's syscall(), except for the close_range() of the compiling child. */
long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list args;

	va_start(args, number);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_close_range && a[0] < FILE_FD && (unsigned)a[1] == ~0U) {
		open_file();
		if (real(number, a[0], FILE_FD - 1L, 0L) == 0)
			return real(number, FILE_FD + 1L, a[1], 0L);
		/* Before Linux 5.9. */
		for (int fd = (int)a[0]; fd < sysconf(_SC_OPEN_MAX); fd++)
			if (fd != FILE_FD)
				close(fd);
		return 0;
	}
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#pragma weak bcc_create_map_xattr

static bool put(const void *bytes, size_t len, off_t at)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(file, (const char *)bytes + done, len - done, at + (off_t)done);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool get(void *bytes, size_t len, off_t at)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(file, (char *)bytes + done, len - done, at + (off_t)done);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* Return: how long the request is, or 0. */
static uint32_t ask(const char *text, const char **flags, int nflags)
{
	struct remote_request request = { .nflags = (uint32_t)nflags };
	struct remote_head head = { .state = REMOTE_WRITING };
	off_t at = sizeof(head);

	if (!put(&request, sizeof(request), at))
		return 0;
	at += (off_t)sizeof(request);
	for (int i = 0; i <= nflags; i++) {
		const char *string = i < nflags ? flags[i] : text;

		if (!put(string, strlen(string) + 1, at))
			return 0;
		at += (off_t)strlen(string) + 1;
	}
	head.state = REMOTE_ASKED;
	head.request_len = (uint32_t)(at - (off_t)sizeof(head));
	return put(&head, sizeof(head), 0) ? head.request_len : 0;
}

static char *wait_for_reply(uint32_t request_len)
{
	struct timespec pause = { .tv_nsec = POLL_NS };
	time_t began = time(NULL);
	struct remote_head head = { 0 };
	char *reply;

	while (head.state != REMOTE_ANSWERED) {
		if (time(NULL) - began > WAIT_S || !get(&head, sizeof(head), 0))
			return NULL;
		nanosleep(&pause, NULL);
	}
	reply = malloc(head.reply_len + 1);
	return reply && get(reply, head.reply_len, sizeof(head) + request_len) ? reply : NULL;
}

static int create(struct module *module, const struct remote_map *map)
{
	struct bcc_create_map_attr attr = {
		.map_type = (enum bpf_map_type)map->type,
		.name = map->name,
		.key_size = map->key_size,
		.value_size = map->value_size,
		.max_entries = map->max_entries,
		.map_flags = map->flags,
	};

	if (map->inner >= 0)
		attr.inner_map_fd = (__u32)module->fds[map->inner];
	return bcc_create_map_xattr(&attr, true);
}

/* Replace the indexes of maps by the descriptors that they have here. */
static void put_descriptors(const struct module *module, char *function)
{
	const struct remote_function *head = (const void *)function;
	struct bpf_insn *insns = (void *)(function + sizeof(*head));

	for (uint32_t i = 0; i < head->size / sizeof(*insns); i++) {
		if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			insns[i].imm = module->fds[insns[i].imm];
		i++;
	}
}

static struct module *unpack(char *reply)
{
	const struct remote_reply *head = (const void *)reply;
	char *at = reply + sizeof(*head);
	struct module *module = calloc(1, sizeof(*module));

	fwrite(at, 1, head->log_len, stderr);
	if (!module || !head->compiled || head->nmaps > MAPS_MAX)
		return NULL;
	at += REMOTE_PADDED(head->log_len);
	for (uint32_t i = 0; i < head->nmaps; i++, at += sizeof(struct remote_map)) {
		module->fds[i] = create(module, (const struct remote_map *)at);
		if (module->fds[i] < 0)
			return NULL;
	}
	module->reply = reply;
	module->functions = at;
	module->nfunctions = head->nfunctions;
	for (uint32_t i = 0; i < head->nfunctions; i++) {
		put_descriptors(module, at);
		at += sizeof(struct remote_function) + ((struct remote_function *)at)->size;
	}
	return module;
}

void *bpf_module_create_c_from_string(const char *text, unsigned flags, const char *cflags[],
				      int ncflags, bool allow_rlimit, const char *dev_name);
void *bpf_module_create_c_from_string(const char *text, unsigned flags, const char *cflags[],
				      int ncflags, bool allow_rlimit, const char *dev_name)
{
	uint32_t request_len = file < 0 ? 0 : ask(text, cflags, ncflags);
	char *reply = request_len ? wait_for_reply(request_len) : NULL;

	(void)flags;
	(void)allow_rlimit;
	(void)dev_name;
	if (!reply)
		fprintf(stderr, "the host does not compile\n");
	return reply ? unpack(reply) : NULL;
}

static const struct remote_function *find(const struct module *module, const char *name)
{
	const char *at = module->functions;

	for (uint32_t i = 0; i < module->nfunctions; i++) {
		const struct remote_function *function = (const void *)at;

		if (strcmp(function->name, name) == 0)
			return function;
		at += sizeof(*function) + function->size;
	}
	return NULL;
}

void *bpf_function_start(void *module, const char *name);
void *bpf_function_start(void *module, const char *name)
{
	const struct remote_function *function = find(module, name);

	return function ? (char *)function + sizeof(*function) : NULL;
}

size_t bpf_function_size(void *module, const char *name);
size_t bpf_function_size(void *module, const char *name)
{
	const struct remote_function *function = find(module, name);

	return function ? function->size : 0;
}
