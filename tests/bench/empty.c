/* SPDX-License-Identifier: MIT */
/*
 * The least that a hook costs: attaches a program that does nothing (two instructions) to each of
 * the hooks given and waits for a signal.
 *
 *   empty HOOK...
 *
 * HOOK: raw_tracepoint:NAME, tracepoint:GROUP:NAME, kprobe:SYMBOL, kretprobe:SYMBOL, fentry:SYMBOL
 * or fexit:SYMBOL
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int load(enum bpf_prog_type type, struct bpf_prog_load_opts *opts)
{
	int fd = bpf_prog_load(type, "nothing", "GPL", nothing, 2, opts);

	if (fd < 0)
		err(1, "cannot load a program");
	return fd;
}

static long number_in(const char *path)
{
	FILE *file = fopen(path, "r");
	long number;

	if (!file || fscanf(file, "%ld", &number) != 1)
		err(1, "%s", path);
	fclose(file);
	return number;
}

static void attach_perf(struct perf_event_attr *attr, enum bpf_prog_type type, const char *hook)
{
	int event = syscall(SYS_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (event < 0)
		err(1, "%s", hook);
	if (ioctl(event, PERF_EVENT_IOC_SET_BPF, load(type, NULL)) ||
	    ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		err(1, "%s", hook);
}

static void attach_kprobe(const char *symbol, int at_return, const char *hook)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = number_in("/sys/bus/event_source/devices/kprobe/type"),
		.config = at_return,
		.kprobe_func = (uintptr_t)symbol,
	};

	attach_perf(&attr, BPF_PROG_TYPE_KPROBE, hook);
}

static void attach_tracepoint(const char *name, const char *hook)
{
	struct perf_event_attr attr = { .size = sizeof(attr),
					.type = PERF_TYPE_TRACEPOINT,
					.sample_period = 1 };
	char path[256], *colon;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s", name);
	colon = strrchr(path, ':');
	if (!colon)
		errx(2, "%s: no such hook", hook);
	*colon = '/';
	strncat(path, "/id", sizeof(path) - strlen(path) - 1);
	attr.config = number_in(path);
	attach_perf(&attr, BPF_PROG_TYPE_TRACEPOINT, hook);
}

static void attach_trampoline(const char *symbol, enum bpf_attach_type type, const char *hook)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type);
	int id = libbpf_find_vmlinux_btf_id(symbol, type);

	if (id < 0) {
		errno = -id;
		err(1, "%s", hook);
	}
	opts.attach_btf_id = id;
	if (bpf_raw_tracepoint_open(NULL, load(BPF_PROG_TYPE_TRACING, &opts)) < 0)
		err(1, "%s", hook);
}

static void attach(const char *hook)
{
	const char *name = strchr(hook, ':');
	size_t length = name ? name++ - hook : 0;

#define IS(kind) (length == strlen(kind) && !strncmp(hook, kind, length))
	if (IS("raw_tracepoint")) {
		if (bpf_raw_tracepoint_open(name, load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL)) < 0)
			err(1, "%s", hook);
	} else if (IS("kprobe"))
		attach_kprobe(name, 0, hook);
	else if (IS("kretprobe"))
		attach_kprobe(name, 1, hook);
	else if (IS("fentry"))
		attach_trampoline(name, BPF_TRACE_FENTRY, hook);
	else if (IS("fexit"))
		attach_trampoline(name, BPF_TRACE_FEXIT, hook);
	else if (IS("tracepoint"))
		attach_tracepoint(name, hook);
	else
		errx(2, "%s: no such hook", hook);
}

int main(int argc, char **argv)
{
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	for (int i = 1; i < argc; i++)
		attach(argv[i]);
	pause();
	return 0;
}
