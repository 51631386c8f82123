/* SPDX-License-Identifier: MIT */
/* What a made-up kernel answers. See made_up_kernel.h. */
#define _GNU_SOURCE
#include "made_up_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe_reliability.h"
#include "syscall_symbol.h"
#include "task_filter.h"
#include "tracefs.h"

/* The linker calls them, under names that no header declares. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define V(major, minor) KERNEL_VERSION_OF(major, minor)

/* The versions are those between which something changes that a plan takes into account. */
const struct made_up_kernel made_up_kernels[MADE_UP_KERNELS] = {
	{ .name = "5.10", .version = V(5, 10) },
	{ .name = "7.0 with 32-bit calls", .version = V(7, 0), .has_compat = true },
	{ .name = "5.15 with 32-bit calls", .version = V(5, 15), .has_compat = true },
	{ .name = "4.18 with 32-bit calls",
	  .version = V(4, 18),
	  .lacks_btf = true,
	  .finds_members = true,
	  .has_compat = true },
	{ .name = "4.9", .version = V(4, 9), .lacks_btf = true },
	{ .name = "5.10 without BTF, members found",
	  .version = V(5, 10),
	  .lacks_btf = true,
	  .finds_members = true,
	  .has_compat = true },
	{ .name = "5.19", .version = V(5, 19) },
	{ .name = "6.16", .version = V(6, 16) },
	{ .name = "6.3 with 32-bit calls", .version = V(6, 3), .has_compat = true },
	{ .name = "6.18 in a PID namespace", .version = V(6, 18), .is_namespaced = true },
	{ .name = "5.10 with 32-bit calls", .version = V(5, 10), .has_compat = true },
	{ .name = "6.12 without io_uring", .version = V(6, 12), .lacks_uring = true },
	{ .name = "7.0", .version = V(7, 0) },
	{ .name = "7.0 without tracefs",
	  .version = V(7, 0),
	  .lacks_tracefs = true,
	  .has_compat = true },
	{ .name = "5.15 in a PID namespace",
	  .version = V(5, 15),
	  .has_compat = true,
	  .is_namespaced = true },
	{ .name = "6.12 without BTF", .version = V(6, 12), .lacks_btf = true },
};

static const struct made_up_kernel *current;

/* Any kernel with types has this, so that a plan which asks one without finds nothing. */
struct btf_kernel {
	char unused;
} types;

/* What of BPF a kernel of this version lacks. */
static unsigned lacks_of(unsigned version)
{
	unsigned lacks = 0;

	if (version < V(5, 2))
		lacks = BPF_BATCHES | BPF_READS_KERNEL | BPF_LOOPS | BPF_LARGE_PROGRAMS;
	if (version < V(4, 10))
		lacks |= BPF_CGROUP_IDS | BPF_RAW_TRACEPOINTS | BPF_MAPS_OF_MAPS | BPF_READS_TEXT |
			 BPF_LRU;
	return lacks;
}

void made_up_kernel_use(const struct made_up_kernel *made_up, struct kernel *kernel)
{
	current = made_up;
	*kernel = (struct kernel){
		.version = made_up->version,
		.btf = made_up->lacks_btf ? NULL : &types,
		.btf_lacks = made_up->lacks_btf ? -ENOENT : 0,
		.lacks = lacks_of(made_up->version),
		.tracefs = made_up->lacks_tracefs ? -ENOENT : STDIN_FILENO,
	};
	snprintf(kernel->release, sizeof(kernel->release), "%s", made_up->name);
}

/* ---- types ---- */

enum {
	MEMBERS_MAX = 256,
	APART = 64, /* more than any member has that a program reads */
};

/*
 * Where a member lies: each of a structure at a place of its own, far enough from the others. The
 * two structures that are members of others have to fit in there. Fields of an event's record
 * follow each other; only the last one that a program reads is long.
 */
static int place_of(const char *structure, const char *member)
{
	static char members[MEMBERS_MAX][128];
	bool is_dense = strcmp(structure, "path") == 0 || strcmp(structure, "vfsmount") == 0 ||
			strchr(structure, '/');
	int apart = is_dense ? 8 : APART, place = 0;
	char name[sizeof(members[0])];
	size_t len = strlen(structure), i;

	snprintf(name, sizeof(name), "%s.%s", structure, member);
	for (i = 0; i < MEMBERS_MAX && members[i][0] && strcmp(members[i], name) != 0; i++)
		if (strncmp(members[i], name, len + 1) == 0)
			place += apart;
	if (i == MEMBERS_MAX)
		return -ENOMEM;
	snprintf(members[i], sizeof(members[i]), "%s", name);
	return place + apart;
}

int __wrap_btf_offset(const struct btf_kernel *btf, const char *type, const char *member,
		      struct error *err)
{
	return btf ? place_of(type, member) : error_set(err, -ENOENT, "no %s.%s", type, member);
}

/* What offset_finder.h can find. */
int __wrap_found_offset(struct found_offsets *found, const char *type, const char *member,
			struct error *err)
{
	static const char known[] =
		" task_struct.pid task_struct.tgid task_struct.comm task_struct.real_parent"
		" task_struct.group_leader task_struct.start_time task_struct.start_boottime"
		" task_struct.stack stack.regs task_struct.mm task_struct.cred task_struct.signal"
		" task_struct.exit_code mm_struct.arg_start mm_struct.arg_end mm_struct.env_end"
		" cred.euid signal_struct.flags signal_struct.group_exit_code signal_struct.live"
		" task_struct.thread_info.status task_struct.thread_info.flags ";
	char name[128];

	(void)found;
	snprintf(name, sizeof(name), " %s.%s ", type, member);
	if (current->finds_members && strstr(known, name))
		return place_of(type, member);
	return error_set(err, -ENOENT, "no %s.%s", type, member);
}

int __wrap_btf_kernel_failed(const struct btf_kernel *btf, struct error *err)
{
	(void)btf, (void)err;
	return 0;
}

/* Of the calls that open, those whose arguments a 32-bit program passes in another layout. */
static bool has_compat_entry(const char *call)
{
	return strcmp(call, "open") == 0 || strcmp(call, "openat") == 0 ||
	       strcmp(call, "open_by_handle_at") == 0;
}

bool __wrap_btf_has(const struct btf_kernel *btf, const char *name)
{
	const char *call = strstr(name, "compat_sys_");

	if (!btf)
		return false;
	if (strcmp(name, "bpf_get_current_task_btf") == 0)
		return current->version >= V(5, 11);
	if (strcmp(name, "bpf_task_pt_regs") == 0)
		return current->version >= V(5, 15);
	if (strcmp(name, "btf_trace_io_uring_submit_req") == 0)
		return !current->lacks_uring && current->version >= V(6, 3);
	if (call)
		return current->has_compat && has_compat_entry(call + strlen("compat_sys_"));
	if (strncmp(name, "__ia32_sys_", strlen("__ia32_sys_")) == 0)
		return current->has_compat;
	return strncmp(name, "__", 2) == 0;
}

int __wrap_btf_enumerator(const struct btf_kernel *btf, const char *name)
{
	(void)name; /* the only one: a flag of requests */
	return btf && current->version >= V(5, 17) ? 30 : -ENOENT;
}

/* Of io_uring's two tracepoints, see tools/openat/uring.c. */
static int uring_args(bool completes)
{
	unsigned version = current->version;

	if (current->lacks_uring)
		return -ENOENT;
	if (completes)
		return version >= V(6, 16) ? 3 : version >= V(5, 19) ? 7 : 4;
	return version >= V(6, 3) ? -ENOENT : version >= V(5, 19) ? 1 : version >= V(5, 15) ? 8 : 5;
}

int __wrap_btf_tracepoint_args(const struct btf_kernel *btf, const char *name)
{
	if (!btf)
		return -ENOENT;
	if (strstr(name, "io_uring"))
		return uring_args(strstr(name, "complete") != NULL);
	return current->version >= V(6, 16) ? 2 : 1; /* sched_process_exit */
}

/* ---- tracefs ---- */

int __wrap_tracefs_event_id(int tracefs, const char *event, struct error *err)
{
	return tracefs < 0 ? error_set(err, tracefs, "no %s", event) : 1;
}

int __wrap_tracefs_field(int tracefs, const char *event, const char *name,
			 struct tracefs_field *field, struct error *err)
{
	if (tracefs < 0 || (strcmp(name, "group_dead") == 0 && current->version < V(6, 16)))
		return error_set(err, -ENOENT, "%s has no %s", event, name);
	*field = (struct tracefs_field){ .offset = (unsigned)place_of(event, name), .size = 8 };
	return 0;
}

/* ---- how reliable its probes are, and where the tool runs ---- */

bool __wrap_kernel_has_kprobes(void)
{
	return true;
}

bool __wrap_kernel_kprobes_are_exact(const struct kernel *kernel)
{
	(void)kernel;
	return true;
}

bool __wrap_kernel_kretprobes_have_room(const struct kernel *kernel)
{
	return kernel->version >= V(6, 2);
}

int __wrap_kernel_check_trampolines(const struct kernel *kernel, const char *function,
				    struct error *err)
{
	return kernel->btf ? 0 : error_set(err, -ENOTSUP, "no types, so no %s", function);
}

bool __wrap_kernel_answers_compat(const struct kernel *kernel)
{
	(void)kernel;
	return current->has_compat;
}

uint32_t __wrap_kernel_pid_namespace(void)
{
	return current->is_namespaced ? 4026531999u : 0;
}

bool __real_syscall_symbol_find(const struct kernel *kernel, enum syscall_abi abi, const char *call,
				char *buf);

/* A kernel without types has the same functions. It is not asked for them in /proc/kallsyms. */
bool __wrap_syscall_symbol_find(const struct kernel *kernel, enum syscall_abi abi, const char *call,
				char *buf)
{
	struct kernel typed = *kernel;

	typed.btf = &types;
	return __real_syscall_symbol_find(&typed, abi, call, buf);
}

/* A plan only asks whether there is one. */
int __wrap_filter_set_cgroup(struct filter *filter, const char *path, struct error *err)
{
	bool left_out = *path == '!';
	int fd = open(path + left_out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (left_out)
		filter->but.cgroups[filter->but.ncgroups++] = fd;
	else
		filter->cgroup = fd;
	return fd < 0 ? error_set(err, -errno, "%s", path) : 0;
}
