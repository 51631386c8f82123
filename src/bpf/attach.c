/* SPDX-License-Identifier: MIT */
/* Attaching one loaded program to its hook. See attach.h. */
#define _GNU_SOURCE
#include "attach.h"

#include <bcc/libbpf.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "mute_stderr.h"
#include "tracefs.h"

/*
 * The last argument, maxactive, stays 0: with any other value libbcc makes the probe through
 * tracefs, and SIGKILL would leave it there for ever. With 0 the probe is a perf event, which ends
 * with its descriptor.
 */
static int attach_kprobe(const struct hook *hook, int prog_fd)
{
	char event[HOOK_NAME_MAX];

	snprintf(event, sizeof(event), "bcc_tools_%d_%s", getpid(), hook->target);
	return bpf_attach_kprobe(prog_fd,
				 hook->kind == HOOK_KPROBE ? BPF_PROBE_ENTRY : BPF_PROBE_RETURN,
				 event, hook->target, 0, 0);
}

/* Return: the type of kprobes for perf_event_open(), or -ENOENT. */
static int kprobe_type(void)
{
	cleanup_fclose FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type;

	return file && fscanf(file, "%d", &type) == 1 ? type : -ENOENT;
}

/*
 * A kretprobe can track a fixed number of calls that have not returned, and skips further ones.
 * The kernel tells their number through a BPF link only, and libbcc does not make one.
 */
static int attach_kretprobe(const struct hook *hook, int prog_fd)
{
	int type = kprobe_type();
	struct perf_event_attr attr = {
		.type = (unsigned)type,
		.size = sizeof(attr),
		.config = 1, /* format/retprobe: config:0 */
		.config1 = (uintptr_t)hook->target,
		.sample_period = 1,
		.wakeup_events = 1,
	};
	cleanup_close int event = type < 0 ? type
					   : (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1,
							  PERF_FLAG_FD_CLOEXEC);
	int link = event < 0 ? event : bpf_link_create(prog_fd, event, BPF_PERF_EVENT, NULL);

	/*
	 * EINVAL: no links to perf events before Linux 5.15. After other failures there must be no
	 * probe without a link, because its skipped calls would stay unknown.
	 */
	return event >= 0 && link == -EINVAL ? attach_kprobe(hook, prog_fd) : link;
}

int attach_missed(int fd, uint64_t *missed)
{
	enum { PERF_EVENT = 7, KRETPROBE = 4 }; /* bpf_link_type, bpf_perf_event_type */
	/* struct bpf_link_info of Linux 6.7, because the build may have older headers */
	struct {
		uint32_t type, id, prog_id, zero;
		uint32_t event_type, zero2;
		uint64_t name;
		uint32_t name_len, offset;
		uint64_t address, missed, cookie;
	} info = { .missed = UINT64_MAX };
	unsigned len = sizeof(info);
	int r = bpf_obj_get_info_by_fd(fd, &info, &len);

	/* EINVAL: not a link. E2BIG: before Linux 6.7 the struct was shorter. */
	if (r < 0)
		return r == -EINVAL || r == -E2BIG ? -ENOTSUP : r;
	if (info.type != PERF_EVENT || info.event_type != KRETPROBE || info.missed == UINT64_MAX)
		return -ENOTSUP;
	*missed = info.missed;
	return 0;
}

/*
 * libbcc's bpf_attach_tracepoint() finds the tracepoint only if tracefs is mounted at a path
 * it knows. @tracefs may be a mount without a path.
 */
static int attach_tracepoint(const struct hook *hook, int prog_fd, int tracefs, struct error *err)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
		.wakeup_events = 1,
	};
	int id = tracefs_event_id(tracefs, hook->target, err);

	if (id < 0)
		return id;
	attr.config = (unsigned)id;
	return bpf_attach_perf_event_raw(prog_fd, &attr, -1, 0, -1, 0);
}

static int attach_kind(const struct hook *hook, int prog_fd, int tracefs, struct error *err)
{
	switch (hook->kind) {
	case HOOK_KPROBE:
		return attach_kprobe(hook, prog_fd);
	case HOOK_KRETPROBE:
		return attach_kretprobe(hook, prog_fd);
	case HOOK_TRACEPOINT:
		return attach_tracepoint(hook, prog_fd, tracefs, err);
	case HOOK_RAW_TRACEPOINT:
		return bpf_attach_raw_tracepoint(prog_fd, hook->target);
	case HOOK_RAW_TRACEPOINT_BTF:
	case HOOK_FENTRY:
	case HOOK_FEXIT:
		return bpf_attach_kfunc(prog_fd);
	default:
		return -EINVAL;
	}
}

int attach_program(const struct hook *hook, int prog_fd, int tracefs, struct error *err)
{
	char name[HOOK_NAME_MAX];
	FILE *before = mute_stderr_begin();
	int fd, saved;

	errno = 0;
	fd = attach_kind(hook, prog_fd, tracefs, err);
	saved = fd < -1 ? -fd : errno ? errno : EINVAL;
	mute_stderr_end(before);
	if (fd >= 0)
		return fd;
	error_set(err, -saved, "attaching to %s: %s", hook_name(hook, name), error_words(saved));
	if (saved == EMFILE)
		error_hint(err, "each program takes a descriptor; see ulimit -n");
	if (saved == EEXIST && hook->kind == HOOK_TRACEPOINT)
		error_hint(err, "before Linux 4.15 a tracepoint takes one program: end the other "
				"tracer first");
	return -saved;
}
