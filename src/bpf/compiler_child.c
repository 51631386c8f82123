/* SPDX-License-Identifier: MIT */
/*
 * The compiling child: enter the sandbox, load libbcc, chroot, compile, write the object.
 *
 * The order is what matters. Nothing of libbcc or LLVM runs with privilege: their constructors run
 * in dlopen(), so the sandbox comes before it. Once the text is being compiled, no file of this
 * machine is in reach.
 */
#define _GNU_SOURCE
#include "compiler_child.h"

#include <bcc/bcc_common.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "blob.h"
#include "cleanup.h"
#include "compiler_sandbox.h"
#include "descriptors.h"
#include "huge_page.h"
#include "libbcc_overrides.h"
#include "object.h"

/* Descriptors after prepare(): nothing else is open. */
enum {
	OBJECT_FD = STDIN_FILENO,
	COMPILER_ID_FD = STDERR_FILENO + 1,
};

/* The functions of libbcc that are used, found at run time. */
struct library {
	__typeof__(bpf_module_create_c_from_string) *create;
	__typeof__(bpf_function_start) *function_start;
	__typeof__(bpf_function_size) *function_size;
};

static int load_library(struct library *lib)
{
	void *handle = dlopen(COMPILER_LIBRARY, RTLD_NOW | RTLD_LOCAL);

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

/* Callback of dl_iterate_phdr(): write down a library that the object depends on. */
static int write_compiler_id(struct dl_phdr_info *info, size_t size, void *context)
{
	static const char *const names[] = { "/libbcc.", "/libLLVM", "/libclang" };
	char identity[128];

	(void)size;
	(void)context;
	for (size_t i = 0; i < array_size(names); i++)
		if (strstr(info->dlpi_name, names[i]) &&
		    file_identity(info->dlpi_name, identity, sizeof(identity)) == 0)
			dprintf(COMPILER_ID_FD, "%s %s\n", info->dlpi_name, identity);
	return 0;
}

/* Replace the descriptors that libbcc wrote into the instructions by relocations. */
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
		map = insn->src_reg == BPF_PSEUDO_MAP_FD ? libbcc_overrides_map(insn->imm)
							 : -ENOENT;
		i++; /* a 64-bit load takes two slots */
		if (map < 0)
			continue;
		insn->imm = 0;
		p->relocs[p->nrelocs++] = (struct object_reloc){ (uint32_t)(i - 1), (uint32_t)map };
	}
	return 0;
}

static int collect_program(const struct library *lib, void *module, const struct hook *hook,
			   struct object *object)
{
	struct object_program *p = &object->programs[object->nprograms];
	size_t size = lib->function_size(module, hook->function);

	if (object->nprograms == OBJECT_PROGRAMS_MAX || !size || object_set_hook(p, hook) < 0) {
		fprintf(stderr, "function '%s' is not in the compiled program\n", hook->function);
		return -ENOENT;
	}
	/* A copy, because one function may serve several hooks. */
	p->insns = malloc(size);
	if (!p->insns)
		return -ENOMEM;
	memcpy(p->insns, lib->function_start(module, hook->function), size);
	p->ninsns = size / sizeof(struct bpf_insn);
	object->nprograms++;
	return collect_relocs(p);
}

/* The process exits afterwards, so nothing is freed. */
static int write_object(const struct library *lib, void *module, const struct compiler_job *job)
{
	struct object *object = calloc(1, sizeof(*object));
	struct error err = ERROR_INIT;
	const struct object_map *maps;

	if (!object)
		return -ENOMEM;
	object->nmaps = libbcc_overrides_maps(&maps);
	memcpy(object->maps, maps, object->nmaps * sizeof(*maps));
	for (size_t i = 0; i < job->nhooks; i++)
		if (collect_program(lib, module, &job->hooks[i], object) < 0)
			return -ENOENT;
	if (object_write(object, OBJECT_FD, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return err.code;
	}
	return 0;
}

/*
 * Keep no descriptor but the job's, and no environment but the variable that makes libbcc take
 * headers from the working directory.
 */
static void prepare(const struct compiler_job *job)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(job->log_fd, STDOUT_FILENO);
	dup2(job->log_fd, STDERR_FILENO);
	dup2(job->object_fd, OBJECT_FD);
	dup2(job->compiler_id_fd, COMPILER_ID_FD);
	descriptors_close(COMPILER_ID_FD + 1, ~0U);
	clearenv();
	setenv("BCC_KERNEL_SOURCE", ".", 1);
}

static void confine(const struct compiler_job *job, struct compiler_sandbox *sandbox)
{
	if (compiler_sandbox_enter(sandbox, job->scratch_dir, job->ready_dir) < 0)
		_exit(COMPILER_NO_SANDBOX);
	/* The kernel clears this when a process changes its user, as the sandbox does. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A parent that died before this sends no signal. */
	if (getppid() != job->parent)
		_exit(COMPILER_NO_SANDBOX);
}

/*
 * Clang and LLVM allocate megabytes in small pieces, and the first touch of each page is a fault.
 * A heap in huge pages saves a seventh of all page faults of a compile.
 */
static void use_huge_pages(void)
{
	enum { HEAP = 32 << 20 };
	char *first = huge_page_align(sbrk(0)), *end;
	void *volatile large; /* or the compiler removes malloc() and free() */

	mallopt(M_TOP_PAD, HEAP);
	mallopt(M_MMAP_THRESHOLD, HEAP);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	large = malloc(HEAP / 2);
	end = sbrk(0);
	if (large && end > first)
		madvise(first, (size_t)(end - first), MADV_HUGEPAGE);
	free(large);
}

/*
 * Handler for the exit(1) that LLVM calls in the middle of a compile: skip the destructors of its
 * libraries, which sometimes crash then.
 */
static void exit_at_once(void)
{
	fflush(NULL);
	_exit(COMPILER_EXITED);
}

_Noreturn void compiler_child_run(const struct compiler_job *job)
{
	const char *flags[] = { job->lines ? "-g" : "-g0",
				"-Wall",
				"-Werror",
				"-Wno-unused-function",
				"-Wno-unused-variable",
				"-Wno-macro-redefined" };
	struct compiler_sandbox sandbox = { 0 };
	struct library lib = { 0 };
	void *module;

	prepare(job);
	confine(job, &sandbox);
	use_huge_pages();
	if (load_library(&lib) < 0)
		_exit(COMPILER_NO_LIBRARY);
	dl_iterate_phdr(write_compiler_id, NULL);
	if (compiler_sandbox_chroot(&sandbox) < 0)
		_exit(COMPILER_NO_SANDBOX);
	atexit(exit_at_once);
	module = lib.create(job->text, 0, flags, array_size(flags), false, NULL);
	fflush(stdout);
	if (!module)
		_exit(COMPILER_REJECTED);
	_exit(write_object(&lib, module, job) < 0 ? COMPILER_NO_OBJECT : COMPILER_DONE);
}
