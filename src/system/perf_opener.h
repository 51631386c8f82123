/* SPDX-License-Identifier: MIT */
/*
 * Opens perf buffers for a process that may not: inspector_child.c's. A buffer is an event that
 * only BPF programs write to, so its descriptor gives nothing else of the machine away.
 */
#ifndef PERF_OPENER_H
#define PERF_OPENER_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct perf_opener - the buffer that was opened last
 * @fd:     its event; -1: none
 * @memory: its pages, @size bytes, mapped until the next one is opened. The kernel asks for
 *          CAP_IPC_LOCK, or for a limit, only when a buffer is mapped first
 */
struct perf_opener {
	int fd;
	void *memory;
	size_t size;
};

#define PERF_OPENER_INIT                                                                           \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/**
 * perf_opener_open() - open a buffer, enabled, and let go of the one before
 * @cpu:           where
 * @pages:         of the buffer; a power of two
 * @wakeup_events: a reader is woken after so many records
 *
 * Return: 0; -EINVAL for numbers that no buffer can have; -ENODEV when the CPU is not online; or
 * another negative errno. Then @opener has no buffer.
 */
int perf_opener_open(struct perf_opener *opener, uint64_t cpu, uint32_t pages,
		     uint32_t wakeup_events);

#endif
