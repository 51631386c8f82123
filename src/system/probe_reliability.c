/* SPDX-License-Identifier: MIT */
/* Which kinds of hook see every event. See probe_reliability.h. */
#define _GNU_SOURCE
#include "probe_reliability.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "detached_mount.h"
#include "permission.h"

enum {
	KRETPROBE_ROOM = 10, /* calls in progress: what all newer kernels have at least */
};

/*
 * Read the kernel's preemption modes, "none voluntary (full)", from debugfs or from a private
 * instance of it.
 * Return: false when they cannot be read.
 */
static bool read_preempt_modes(char *line, int size)
{
	static const char path[] = "sched/preempt";
	cleanup_close int own = -1,
			  fd = open("/sys/kernel/debug/sched/preempt", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		own = detached_mount("debugfs");
		fd = own < 0 ? -1 : openat(own, path, O_RDONLY | O_CLOEXEC);
	}
	n = fd < 0 ? -1 : read(fd, line, (size_t)size - 1);
	line[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

/* Can the scheduler take the CPU away from a task that is in the kernel? */
static bool is_preemptible(void)
{
	char line[64];
	struct utsname uts;

	if (read_preempt_modes(line, sizeof(line)))
		return strstr(line, "(full)") || strstr(line, "(lazy)");
	/*
	 * A kernel whose mode is fixed has PREEMPT or PREEMPT_RT in its version if it is
	 * preemptible.
	 */
	if (uname(&uts) < 0 || !strstr(uts.version, "PREEMPT"))
		return false;
	/* PREEMPT_DYNAMIC matches too: its mode cannot be read here, so assume the worst. */
	return true;
}

bool kernel_kprobes_are_exact(const struct kernel *kernel)
{
	/* Before 5.7 those calls of bpf(2) cannot be preempted. */
	return kernel->version >= KERNEL_VERSION_OF(6, 7) ||
	       kernel->version < KERNEL_VERSION_OF(5, 7) || !is_preemptible();
}

bool kernel_kretprobes_have_room(const struct kernel *kernel)
{
	return kernel->version >= KERNEL_VERSION_OF(6, 2) || is_preemptible() ||
	       libbpf_num_possible_cpus() >= KRETPROBE_ROOM;
}

bool kernel_kretprobes_count_missed(const struct kernel *kernel)
{
	return kernel->version >= KERNEL_VERSION_OF(6, 7);
}

bool kernel_raw_tracepoints_are_exact(const struct kernel *kernel)
{
	return kernel->version < KERNEL_VERSION_OF(6, 19);
}

static int try_attaching(int program, struct error *err)
{
	int link = bpf_raw_tracepoint_open(NULL, program);

	if (link < 0)
		return error_set(err, -ENOTSUP,
				 "fexit: the kernel cannot attach such a program: %s",
				 error_words(link));
	close(link);
	return 0;
}

int kernel_check_trampolines(const struct kernel *kernel, const char *function, struct error *err)
{
	const struct bpf_insn nothing[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K },
					    { .code = BPF_JMP | BPF_EXIT } };
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FEXIT);
	struct error ignored = ERROR_INIT;
	int id = btf_id(kernel->btf, function), fd, r = 0;

	if (id < 0)
		return error_set(err, -ENOTSUP, "the kernel's BTF has no %s", function);
	if (is_preemptible())
		return error_set(err, -ENOTSUP,
				 "fexit: on a preemptible kernel such programs can miss calls");
	/*
	 * Without that privilege a run can only print its program (--ebpf): no trial is possible.
	 */
	if (permission_to_load(&ignored) < 0) {
		error_clear(&ignored);
		return 0;
	}
	opts.attach_btf_id = (unsigned)id;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "trial", "GPL", nothing, array_size(nothing),
			   &opts);
	if (fd < 0)
		return error_set(err, -ENOTSUP,
				 "fexit: the kernel refuses a trial of such a program: %s",
				 error_words(fd));
	if (arch_facts.loads_unattachable)
		r = try_attaching(fd, err);
	close(fd);
	return r;
}

bool kernel_answers_compat(const struct kernel *kernel)
{
	if (kernel->btf && !btf_has(kernel->btf, arch_facts.compat_entry))
		return false;
	return kernel_answers(arch_try_compat);
}

static void no_such_calls(int signal)
{
	(void)signal;
	_exit(1);
}

static bool try_call(bool (*call)(void))
{
	signal(SIGSEGV, no_such_calls);
	signal(SIGILL, no_such_calls);
	signal(SIGSYS, no_such_calls);
	return call();
}

bool kernel_answers(bool (*call)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(try_call(call) ? 0 : 1);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 0;
}
