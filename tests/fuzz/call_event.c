/* SPDX-License-Identifier: MIT */
/*
 * A record of bcc-syscalls --stream, printed in all formats, with and without the kernel's
 * description of its arguments.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event_line.h"
#include "fuzz.h"

struct record {
	uint8_t *bytes;
	size_t size;
	const struct syscall_args_table *args;
};

static void describe(int root, const char *call, const char *fields)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "events/syscalls/sys_enter_%s", call);
	mkdirat(root, path, 0700);
	snprintf(path, sizeof(path), "events/syscalls/sys_enter_%s/format", call);
	fd = openat(root, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	HOLDS(fd >= 0 && write(fd, fields, strlen(fields)) == (ssize_t)strlen(fields));
	close(fd);
}

/* Calls whose arguments point to something. */
static void describe_memory(int root)
{
	describe(root, "write",
		 "\tfield:unsigned int fd;\n\tfield:const char * buf;\n\tfield:size_t count;\n");
	describe(root, "recvfrom",
		 "\tfield:int fd;\n\tfield:void * ubuf;\n\tfield:size_t size;\n"
		 "\tfield:unsigned int flags;\n\tfield:struct sockaddr * addr;\n"
		 "\tfield:int * addr_len;\n");
	describe(root, "execve",
		 "\tfield:const char * filename;\n\tfield:const char *const * argv;\n"
		 "\tfield:const char *const * envp;\n");
	describe(root, "rt_sigprocmask",
		 "\tfield:int how;\n\tfield:sigset_t * nset;\n\tfield:sigset_t * oset;\n"
		 "\tfield:size_t sigsetsize;\n");
	describe(root, "wait4",
		 "\tfield:pid_t upid;\n\tfield:int * stat_addr;\n\tfield:int options;\n"
		 "\tfield:struct rusage * ru;\n");
	describe(root, "getsockopt",
		 "\tfield:int fd;\n\tfield:int level;\n\tfield:int optname;\n"
		 "\tfield:char * optval;\n\tfield:int * optlen;\n");
	describe(root, "newfstat", "\tfield:unsigned int fd;\n\tfield:struct stat * statbuf;\n");
	describe(root, "statx",
		 "\tfield:int dfd;\n\tfield:const char * filename;\n\tfield:unsigned flags;\n"
		 "\tfield:unsigned int mask;\n\tfield:struct statx * buffer;\n");
	describe(root, "rt_sigaction",
		 "\tfield:int sig;\n\tfield:const struct sigaction * act;\n"
		 "\tfield:struct sigaction * oact;\n\tfield:size_t sigsetsize;\n");
	describe(root, "prlimit64",
		 "\tfield:pid_t pid;\n\tfield:unsigned int resource;\n"
		 "\tfield:const struct rlimit64 * new_rlim;\n"
		 "\tfield:struct rlimit64 * old_rlim;\n");
	describe(root, "getrandom",
		 "\tfield:char * ubuf;\n\tfield:size_t len;\n\tfield:unsigned int flags;\n");
}

static struct syscall_args_table *make_table(void)
{
	struct syscall_args_table *table;
	int root = open(fuzz_directory(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	HOLDS(root >= 0);
	mkdirat(root, "events", 0700);
	mkdirat(root, "events/syscalls", 0700);
	describe(root, "read",
		 "\tfield:unsigned int fd;\n\tfield:char * buf;\n\tfield:size_t count;\n");
	describe(root, "open",
		 "\tfield:const char * filename;\n\tfield:int flags;\n\tfield:umode_t mode;\n");
	describe(root, "rename", "\tfield:const char * oldname;\n\tfield:const char * newname;\n");
	describe(root, "mmap",
		 "\tfield:unsigned long addr;\n\tfield:unsigned long len;\n\tfield:unsigned long "
		 "prot;\n"
		 "\tfield:unsigned long flags;\n\tfield:unsigned long fd;\n\tfield:loff_t off;\n");
	describe_memory(root);
	HOLDS(syscall_args_new(&table, root, NULL, NULL) == 0);
	close(root);
	return table;
}

static void print(struct report *report, void *context)
{
	const struct record *record = context;
	const struct call_context call = { .args = record->args, .limit = 32 };
	int r = call_event_report(report, record->bytes, record->size, &call);

	HOLDS(r == 0 || r == -EINVAL);
	if (r == 0)
		HOLDS(record->size >= sizeof(struct call_event));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct report_options options = {
		.layout.columns = call_event_columns,
		.layout.ncolumns = CALL_EVENT_COLUMNS,
		.layout.active = UINT64_MAX,
		.layout.one_type = true,
		.layout.detail_head = "CALL",
		.layout.detail_escaped = true,
	};
	static struct syscall_args_table *table;
	struct input input = { data, size };
	struct record record;

	if (!table)
		table = make_table();
	record.bytes = input_bytes(&input, size, &record.size);
	for (int known = 0; known < 2; known++) {
		record.args = known ? table : NULL;
		fuzz_report(&options, print, &record);
	}
	free(record.bytes);
	return 0;
}
