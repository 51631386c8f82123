/* SPDX-License-Identifier: MIT */
/*
 * compiler DIRECTORY HEADERS: compiles on the host for guests; library.c is the guest's side.
 *
 * Answers each file that appears in DIRECTORY with what the real libbcc makes of the text in it.
 * HEADERS are the stand-in for kernel headers. Runs until it is killed.
 *
 * Each compile is a fork of this process, which has loaded libbcc and compiled nothing. A request
 * that came before gets the same reply: guests that share the tests have many in common.
 */
#define _GNU_SOURCE
#include <bcc/bcc_common.h>
#include <dirent.h>
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "libbcc_overrides.h"
#include "remote.h"

enum {
	SCAN_NS = 3000000,
	KEPT_MAX = 8192,
	FLAGS_MAX = 32,
};

static struct {
	__typeof__(bpf_module_create_c_from_string) *create;
	__typeof__(bpf_num_functions) *count;
	__typeof__(bpf_function_name) *name;
	__typeof__(bpf_function_start) *start;
	__typeof__(bpf_function_size) *size;
} lib;

static void load_library(void)
{
	void *handle = dlopen("libbcc.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		errx(1, "%s", dlerror());
	*(void **)&lib.create = dlsym(handle, "bpf_module_create_c_from_string");
	*(void **)&lib.count = dlsym(handle, "bpf_num_functions");
	*(void **)&lib.name = dlsym(handle, "bpf_function_name");
	*(void **)&lib.start = dlsym(handle, "bpf_function_start");
	*(void **)&lib.size = dlsym(handle, "bpf_function_size");
	if (!lib.create || !lib.count || !lib.name || !lib.start || !lib.size)
		errx(1, "this libbcc has not all it should");
}

/* A map's number in place of its descriptor. */
static void put_numbers(struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_MAP_FD &&
		    libbcc_overrides_map(insns[i].imm) >= 0)
			insns[i].imm = libbcc_overrides_map(insns[i].imm);
		i++; /* a 64-bit load takes two slots */
	}
}

static void write_functions(void *module, FILE *out)
{
	for (size_t i = 0; i < lib.count(module); i++) {
		const char *name = lib.name(module, i);
		struct remote_function head = { .size = (uint32_t)lib.size(module, name) };
		void *insns = malloc(head.size);

		snprintf(head.name, sizeof(head.name), "%s", name);
		memcpy(insns, lib.start(module, name), head.size);
		put_numbers(insns, head.size / sizeof(struct bpf_insn));
		fwrite(&head, sizeof(head), 1, out);
		fwrite(insns, 1, head.size, out);
	}
}

static void write_maps(const struct object_map *maps, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		struct remote_map map = { maps[i].type,
					  maps[i].key_size,
					  maps[i].value_size,
					  maps[i].max_entries,
					  maps[i].flags,
					  maps[i].inner,
					  { 0 } };

		snprintf(map.name, sizeof(map.name), "%s", maps[i].name);
		fwrite(&map, sizeof(map), 1, out);
	}
}

/* Runs in a child. Its messages go to a file because LLVM may end the process. */
static _Noreturn void compile(const char *request, int log, FILE *out)
{
	const char *flags[FLAGS_MAX], *at = request + sizeof(struct remote_request);
	uint32_t nflags = ((const struct remote_request *)request)->nflags;
	struct remote_reply reply = { 0 };
	const struct object_map *maps;
	void *module;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	for (uint32_t i = 0; i < nflags && i < FLAGS_MAX; i++) {
		flags[i] = at;
		at += strlen(at) + 1;
	}
	module = lib.create(at, 0, flags, (int)nflags, false, NULL);
	if (!module)
		_exit(1);
	reply.compiled = 1;
	reply.nmaps = (uint32_t)libbcc_overrides_maps(&maps);
	reply.nfunctions = (uint32_t)lib.count(module);
	fwrite(&reply, sizeof(reply), 1, out);
	write_maps(maps, reply.nmaps, out);
	write_functions(module, out);
	_exit(fflush(out) == 0 ? 0 : 1);
}

static char *all_of(int fd, size_t *len)
{
	struct stat st;
	char *bytes;

	if (fstat(fd, &st) < 0 || !(bytes = malloc((size_t)st.st_size + 1)) ||
	    pread(fd, bytes, (size_t)st.st_size, 0) != st.st_size)
		err(1, "reading a file in memory");
	bytes[st.st_size] = '\0';
	*len = (size_t)st.st_size;
	return bytes;
}

/* Requests that have been answered. */
static struct kept {
	char *request, *reply;
	uint32_t request_len, reply_len;
} kept[KEPT_MAX];
static unsigned nkept;

static struct kept *answer(char *request, uint32_t len)
{
	struct kept *k = &kept[nkept % KEPT_MAX];
	int log = memfd_create("log", MFD_CLOEXEC), out = memfd_create("reply", MFD_CLOEXEC),
	    status = 0;
	size_t log_len, reply_len;
	char *said, *made;
	struct remote_reply head = { 0 };
	pid_t child = fork();

	if (child == 0)
		compile(request, log, fdopen(out, "w"));
	if (child < 0 || waitpid(child, &status, 0) < 0)
		err(1, "a child");
	said = all_of(log, &log_len);
	made = all_of(out, &reply_len);
	if (status == 0 && reply_len >= sizeof(head))
		memcpy(&head, made, sizeof(head));
	else
		reply_len = sizeof(head);
	head.log_len = (uint32_t)log_len;
	free(k->request);
	free(k->reply);
	*k = (struct kept){ .request = request, .request_len = len };
	k->reply_len = (uint32_t)(sizeof(head) + REMOTE_PADDED(log_len) + reply_len - sizeof(head));
	k->reply = calloc(1, k->reply_len);
	memcpy(k->reply, &head, sizeof(head));
	memcpy(k->reply + sizeof(head), said, log_len);
	memcpy(k->reply + sizeof(head) + REMOTE_PADDED(log_len), made + sizeof(head),
	       reply_len - sizeof(head));
	free(said);
	free(made);
	close(log);
	close(out);
	nkept++;
	return k;
}

static struct kept *look_up(const char *request, uint32_t len)
{
	for (unsigned i = 0; i < nkept && i < KEPT_MAX; i++)
		if (kept[i].request_len == len && memcmp(kept[i].request, request, len) == 0)
			return &kept[i];
	return NULL;
}

static void serve(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_CLOEXEC);
	struct remote_head head = { 0 };
	struct kept *k = NULL;
	char *request;

	if (fd < 0 || pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    head.state != REMOTE_ASKED) {
		if (fd >= 0)
			close(fd);
		return;
	}
	request = malloc(head.request_len);
	if (request && pread(fd, request, head.request_len, sizeof(head)) == head.request_len) {
		k = look_up(request, head.request_len);
		if (k)
			free(request);
		else
			k = answer(request, head.request_len);
		head.reply_len = k->reply_len;
		head.state = REMOTE_ANSWERED;
		if (pwrite(fd, k->reply, k->reply_len, (off_t)sizeof(head) + head.request_len) !=
			    k->reply_len ||
		    pwrite(fd, &head, sizeof(head), 0) != sizeof(head))
			warn("answering %s", name);
	}
	close(fd);
	unlinkat(dir, name, 0);
}

int main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = SCAN_NS };
	int dir = argc == 3 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *stream = dir < 0 ? NULL : fdopendir(dir);
	struct dirent *entry;

	if (!stream || chdir(argv[2]) < 0)
		errx(2, "usage: compiler DIRECTORY HEADERS");
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setenv("BCC_KERNEL_SOURCE", ".", 1);
	load_library();
	for (;;) {
		rewinddir(stream);
		while ((entry = readdir(stream)))
			if (entry->d_name[0] != '.')
				serve(dir, entry->d_name);
		nanosleep(&pause, NULL);
	}
}
