/* SPDX-License-Identifier: MIT */
/*
 * The compiling child: enter the sandbox, load libbcc, shut the sandbox, compile, write the object.
 *
 * Some functions of libbcc are replaced by ours, which works because the tool itself exports them
 * (see meson.build):
 *
 *  - bcc_create_map_xattr(): libbcc makes maps while it compiles. Ours only notes what the map
 * would be and hands out a descriptor by which its users can be found again in the instructions.
 *  - bcc_symcache_*(): libbcc reads all of /proc/kallsyms at each compile to learn one fact,
 * whether there is a bpf_probe_read_kernel() (since 5.5 there is). That is three quarters of
 * compile time.
 */
#define _GNU_SOURCE
#include "compiler_child.h"

#include <bcc/bcc_common.h>
#include <bcc/bcc_syms.h>
#include <bcc/libbpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "compiler.h"

/* Where the child finds what it writes to, after prepare(). */
enum {
	OBJECT_FD = STDIN_FILENO,
	ORIGIN_FD = STDERR_FILENO + 1,
};

#define INTERPOSED __attribute__((visibility("default"), used))

/* One per process: the interposed functions have no parameter through which to reach it. */
static struct {
	struct object object;
	int fds[OBJECT_MAPS_MAX];
	int templates[OBJECT_MAPS_MAX];
} noted;

INTERPOSED int bcc_create_map_xattr(struct bcc_create_map_attr *attr, bool allow_rlimit)
{
	struct object *o = &noted.object;
	struct object_map *map = &o->maps[o->nmaps];
	int fd;

	(void)allow_rlimit;
	if (o->nmaps == OBJECT_MAPS_MAX || strlen(attr->name) >= sizeof(map->name)) {
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
	memcpy(map->name, attr->name, strlen(attr->name) + 1);
	for (size_t i = 0; i < o->nmaps; i++)
		if (attr->inner_map_fd && noted.fds[i] == (int)attr->inner_map_fd)
			map->inner = (int)i;
	noted.fds[o->nmaps++] = fd;
	return fd;
}

INTERPOSED void *bcc_symcache_new(int pid, struct bcc_symbol_option *option)
{
	(void)pid;
	(void)option;
	return &noted;
}

INTERPOSED int bcc_symcache_resolve_name(void *resolver, const char *module, const char *name,
					 uint64_t *addr)
{
	(void)resolver;
	(void)module;
	(void)name;
	*addr = 1;
	return 0;
}

INTERPOSED void bcc_free_symcache(void *symcache, int pid)
{
	(void)symcache;
	(void)pid;
}

/* The functions of libbcc that are used, found at run time. */
struct library {
	__typeof__(bpf_module_create_c_from_string) *create;
	__typeof__(bpf_function_start) *function_start;
	__typeof__(bpf_function_size) *function_size;
};

static int load_library(struct library *lib)
{
	void *handle = dlopen(COMPILE_LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (handle) {
		*(void **)&lib->create = dlsym(handle, "bpf_module_create_c_from_string");
		*(void **)&lib->function_start = dlsym(handle, "bpf_function_start");
		*(void **)&lib->function_size = dlsym(handle, "bpf_function_size");
	}
	if (handle && lib->create && lib->function_start && lib->function_size)
		return 0;
	fprintf(stderr, "%s\n", dlerror());
	return -ENOENT;
}

/* Which files made the object: libbcc and the LLVM and clang it brought along. */
static int note_library(struct dl_phdr_info *info, size_t size, void *context)
{
	static const char *const names[] = { "/libbcc.", "/libLLVM", "/libclang" };
	char identity[128];

	(void)size;
	(void)context;
	for (size_t i = 0; i < array_size(names); i++)
		if (strstr(info->dlpi_name, names[i]) &&
		    file_identity(info->dlpi_name, identity, sizeof(identity)) == 0)
			dprintf(ORIGIN_FD, "%s %s\n", info->dlpi_name, identity);
	return 0;
}

static int map_of_fd(int fd)
{
	for (size_t i = 0; i < noted.object.nmaps; i++)
		if (noted.fds[i] == fd)
			return (int)i;
	return -ENOENT;
}

/* Turn the descriptors libbcc wrote into the instructions back into references to maps. */
static int collect_relocs(struct object_program *p)
{
	p->relocs = calloc(p->ninsns, sizeof(*p->relocs));
	if (!p->relocs)
		return -ENOMEM;
	for (size_t i = 0; i < p->ninsns; i++) {
		struct bpf_insn *insn = &p->insns[i];
		int map;

		if (insn->code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		map = insn->src_reg == BPF_PSEUDO_MAP_FD ? map_of_fd(insn->imm) : -ENOENT;
		i++; /* the second half */
		if (map < 0)
			continue;
		insn->imm = 0;
		p->relocs[p->nrelocs++] = (struct object_reloc){ (uint32_t)(i - 1), (uint32_t)map };
	}
	return 0;
}

static int collect_program(const struct library *lib, void *module, const struct hook *hook)
{
	struct object_program *p = &noted.object.programs[noted.object.nprograms];
	size_t size = lib->function_size(module, hook->function);

	if (noted.object.nprograms == OBJECT_PROGRAMS_MAX || !size ||
	    strlen(hook->function) >= sizeof(p->name)) {
		fprintf(stderr, "function '%s' is not in the compiled program\n", hook->function);
		return -ENOENT;
	}
	memcpy(p->name, hook->function, strlen(hook->function) + 1);
	hook_section(hook, p->section);
	/* A copy, as a function may serve several hooks; the process ends, so nobody frees it. */
	p->insns = malloc(size);
	if (!p->insns)
		return -ENOMEM;
	memcpy(p->insns, lib->function_start(module, hook->function), size);
	p->ninsns = size / sizeof(struct bpf_insn);
	noted.object.nprograms++;
	return collect_relocs(p);
}

/* No descriptor but the two the job needs, no environment but what selects the header tree, and no
 * life after the parent. */
static void prepare(const struct compile_job *job)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(job->log_fd, STDOUT_FILENO);
	dup2(job->log_fd, STDERR_FILENO);
	dup2(job->object_fd, OBJECT_FD);
	dup2(job->origin_fd, ORIGIN_FD);
	syscall(SYS_close_range, ORIGIN_FD + 1, ~0U, 0);
	clearenv();
	setenv("BCC_KERNEL_SOURCE", ".", 1);
}

/* LLVM's own exit(1): run in the middle of a compile, the destructors of its libraries crash now
 * and then. */
static void exit_at_once(void)
{
	fflush(NULL);
	_exit(COMPILE_EXITED);
}

/*
 * Clang and LLVM take megabytes in small pieces, and each page of them is a fault. Huge pages,
 * where the system has them for those who ask, save a seventh of all faults of a compile.
 */
static void gather_memory(void)
{
	enum { HUGE = 2 << 20, HEAP = 32 << 20 };
	char *end = sbrk(0);
	char *first = (char *)(((uintptr_t)end + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
	void *volatile large;

	mallopt(M_TOP_PAD, HEAP);
	mallopt(M_MMAP_THRESHOLD, HEAP);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	large = malloc(HEAP / 2);
	end = sbrk(0);
	if (large && end > first)
		madvise(first, (size_t)(end - first), MADV_HUGEPAGE);
	free(large);
}

_Noreturn void compile_child_run(const struct compile_job *job)
{
	const char *flags[] = { job->lines ? "-g" : "-g0",
				"-Wall",
				"-Werror",
				"-Wno-unused-function",
				"-Wno-unused-variable",
				"-Wno-macro-redefined" };
	struct error err = ERROR_INIT;
	struct sandbox sandbox = { 0 };
	struct library lib = { 0 };
	void *module;

	prepare(job);
	/* Before the library is there: what runs as it is loaded is not to find any privilege. */
	if (sandbox_enter(&sandbox, job->scratch) < 0)
		_exit(COMPILE_NO_SANDBOX);
	/* Once more: to become another user takes it back. And it says nothing of a parent that has
	 * gone already. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != job->parent)
		_exit(COMPILE_NO_SANDBOX);
	gather_memory();
	if (load_library(&lib) < 0)
		_exit(COMPILE_NO_LIBRARY);
	dl_iterate_phdr(note_library, NULL);
	if (sandbox_shut(&sandbox) < 0)
		_exit(COMPILE_NO_SANDBOX);
	atexit(exit_at_once);
	module = lib.create(job->text, 0, flags, array_size(flags), false, NULL);
	fflush(stdout);
	if (!module)
		_exit(COMPILE_REJECTED);
	for (size_t i = 0; i < job->nhooks; i++)
		if (collect_program(&lib, module, &job->hooks[i]) < 0)
			_exit(COMPILE_NO_OBJECT);
	if (object_write(&noted.object, OBJECT_FD, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		_exit(COMPILE_NO_OBJECT);
	}
	_exit(COMPILE_DONE);
}
