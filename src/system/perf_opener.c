/* SPDX-License-Identifier: MIT */
/* Opens perf buffers for a process that may not. See perf_opener.h. */
#define _GNU_SOURCE
#include "perf_opener.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

enum {
	PAGES_MAX = 1 << 18, /* 1 GiB */
};

static void let_go(struct perf_opener *o)
{
	if (o->memory)
		munmap(o->memory, o->size);
	o->memory = NULL;
	if (o->fd >= 0)
		close(steal_fd(&o->fd));
}

/* The event that bpf_perf_event_output() writes to. */
static int open_event(int cpu, uint32_t wakeup_events)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.wakeup_events = wakeup_events,
	};
	long fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

int perf_opener_open(struct perf_opener *o, uint64_t cpu, uint32_t pages, uint32_t wakeup_events)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int r;

	let_go(o);
	if (cpu > INT32_MAX || !pages || pages > PAGES_MAX || (pages & (pages - 1)))
		return -EINVAL;
	o->fd = open_event((int)cpu, wakeup_events);
	if (o->fd < 0) {
		r = o->fd;
		o->fd = -1;
		return r;
	}
	/* The first page says how far the kernel and the reader are. */
	o->size = (pages + 1) * page;
	o->memory = mmap(NULL, o->size, PROT_READ | PROT_WRITE, MAP_SHARED, o->fd, 0);
	if (o->memory != MAP_FAILED)
		return 0;
	r = -errno;
	o->memory = NULL;
	let_go(o);
	return r;
}
