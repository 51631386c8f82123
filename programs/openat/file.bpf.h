/* SPDX-License-Identifier: GPL-2.0-only */
/* The open file behind a descriptor, as the kernel knows it. */
#include "lib/read.bpf.h"

/* 1: the tool has said where the members lie that are read here. */
#ifndef READS_FILES
#define READS_FILES 0
#endif

#if READS_FILES
#define O_ACCMODE_ 3
#define O_PATH_ 010000000

/* The struct file behind one of the process's descriptors; 0: there is none. */
static inline struct file *file_of(u32 fd)
{
	struct files_struct *files = READ_COPY((struct task_struct *)bpf_get_current_task(), files);
	struct fdtable *table = READ_COPY(files, fdt);
	struct file *file = 0, **all;

	if (fd >= READ_COPY(table, max_fds))
		return 0;
	all = READ_COPY(table, fd);
	bpf_probe_read_kernel(&file, sizeof(file), all + fd);
	return file;
}

/* Flags that an open file keeps, and that fcntl(2) cannot change. */
static inline u32 lasting_flags(u32 flags)
{
	return flags & O_PATH_ ? O_PATH_ : flags & O_ACCMODE_;
}
#endif
