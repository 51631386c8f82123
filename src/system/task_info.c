/* SPDX-License-Identifier: MIT */
/* Threads as /proc shows them. See tasks.h. */
#define _GNU_SOURCE
#include "task_info.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "follow.h"
#include "glob.h"
#include "number.h"
#include "procfs.h"
#include "syscalls.h"

enum {
	X32_BIT = 0x40000000,
};

/* What a look at all threads carries along. */
struct look {
	int proc;
	const struct filter *filter;
	int followed;
	struct glob name;
	struct names *names;
	uint64_t cgroup; /* id of the filter's; 0: none */
	tasks_waiting_fn each;
	void *context;
};

bool tasks_out_of_reach(int r)
{
	return r == -ENOENT || r == -ESRCH || r == -EACCES || r == -EPERM;
}

/* The beginning of a small file of /proc, as text. Return: its length or negative errno. */
static ssize_t read_file(int proc, char *text, size_t size, const char *fmt, uint32_t pid,
			 uint32_t tid)
{
	cleanup_close int fd = -1;
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "%u/task/%u/%s", pid, tid, fmt);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n;
}

static void read_comm(int proc, uint32_t pid, uint32_t tid, char comm[TASK_COMM])
{
	char text[TASK_COMM + 2];
	ssize_t n = read_file(proc, text, sizeof(text), "comm", pid, tid);

	memset(comm, 0, TASK_COMM);
	if (n > 0)
		memcpy(comm, text, (size_t)n - 1 < TASK_COMM ? (size_t)n - 1 : TASK_COMM);
}

int tasks_read(int proc, uint32_t pid, uint32_t tid, struct task *task)
{
	char text[1024];
	const char *ppid, *uid;
	ssize_t n = read_file(proc, text, sizeof(text), "status", pid, tid);

	if (n < 0)
		return (int)n;
	/* Behind the name, which may hold anything but a line end. */
	ppid = strstr(text, "\nPPid:");
	uid = strstr(text, "\nUid:");
	*task = (struct task){ .pid = pid, .tid = tid };
	if (!ppid || !uid || sscanf(ppid, "\nPPid: %u", &task->ppid) != 1 ||
	    sscanf(uid, "\nUid: %u", &task->uid) != 1)
		return -EINVAL;
	read_comm(proc, pid, tid, task->comm);
	read_comm(proc, pid, pid, task->leader);
	return 0;
}

/* Path in the cgroup v2 hierarchy, into @text. Return: it, or NULL. */
static char *cgroup_path(int proc, uint32_t pid, uint32_t tid, char *text, size_t size)
{
	char *line, *end;

	if (read_file(proc, text, size, "cgroup", pid, tid) < 0)
		return NULL;
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return NULL;
	line = strchr(line, '/');
	end = line ? strchr(line, '\n') : NULL;
	if (end)
		*end = '\0';
	return line;
}

uint64_t tasks_cgroup(int proc, uint32_t pid, uint32_t tid, struct names *names)
{
	char text[8192];
	const char *path = cgroup_path(proc, pid, tid, text, sizeof(text));

	return path ? names_cgroup_id(names, path) : 0;
}

bool tasks_parse_call(const char *line, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(line, &end, 10);
	return end != line && *end == ' ' && errno == 0 && *number >= 0;
}

/* Whose numbers a process's calls are: the file it executes tells, as /proc does not. */
static enum syscall_abi abi_of(int proc, uint32_t pid)
{
	char path[64];
	Elf32_Ehdr head = { .e_ident = { 0 } };
	cleanup_close int fd = -1;

	snprintf(path, sizeof(path), "%u/exe", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &head, sizeof(head)) != sizeof(head) ||
	    head.e_ident[EI_CLASS] != ELFCLASS32)
		return ABI_NATIVE;
	return head.e_machine == EM_386 || head.e_machine == EM_ARM ? ABI_COMPAT : ABI_NATIVE;
}

static uint32_t slot_of(int proc, uint32_t pid, int64_t number)
{
	enum syscall_abi abi = number & X32_BIT ? ABI_X32 : abi_of(proc, pid);

	number &= ~(int64_t)X32_BIT;
	return (uint32_t)abi * ABI_CALLS +
	       (uint32_t)(number < SYSCALL_OTHER ? number : SYSCALL_OTHER);
}

static bool has_id(const struct id_list *list, uint32_t id)
{
	return list->count == 0 || id_list_has(list, id);
}

/* Return: whether it is, or negative errno. */
static int is_followed(const struct look *look, uint32_t pid)
{
	struct follow follow;
	int r = bpf_map_lookup_elem(look->followed, &pid, &follow);

	return r < 0 ? (r == -ENOENT ? 0 : r) : follow.state == FOLLOW_LIVE;
}

/* Is one of the directories on its path the filter's? */
static bool in_cgroup(const struct look *look, const struct task *task)
{
	char text[8192], *path;

	if (!look->cgroup)
		return true;
	path = cgroup_path(look->proc, task->pid, task->tid, text, sizeof(text));
	while (path && names_cgroup_id(look->names, path) != look->cgroup) {
		char *last = strrchr(path, '/');

		if (!last || !last[1])
			return false;
		last[last == path] = '\0';
	}
	return path != NULL;
}

/* The same questions that programs/filter.bpf.h asks. Return: the answer, or negative errno. */
static int passes(const struct look *look, const struct task *task)
{
	const struct filter *f = look->filter;
	int r = filter_follows(f) ? is_followed(look, task->pid)
				  : has_id(&f->ids[FILTER_PIDS], task->pid);

	if (r <= 0)
		return r;
	if (!has_id(&f->ids[FILTER_TIDS], task->tid) ||
	    !has_id(&f->ids[FILTER_PPIDS], task->ppid) || !has_id(&f->ids[FILTER_UIDS], task->uid))
		return false;
	if (f->name && !glob_matches(&look->name, task->comm, strnlen(task->comm, TASK_COMM)))
		return false;
	return in_cgroup(look, task);
}

int tasks_call(int proc, uint32_t pid, uint32_t tid, uint32_t *call)
{
	char line[128];
	int64_t number;
	ssize_t n = read_file(proc, line, sizeof(line), "syscall", pid, tid);

	if (n < 0)
		return tasks_out_of_reach((int)n) ? 0 : (int)n;
	if (!tasks_parse_call(line, &number))
		return 0;
	*call = slot_of(proc, pid, number);
	return 1;
}

static int look_at_thread(const struct look *look, uint32_t pid, uint32_t tid)
{
	struct task task;
	uint32_t call;
	int r = tasks_call(look->proc, pid, tid, &call);

	if (r <= 0)
		return r;
	r = tasks_read(look->proc, pid, tid, &task);
	if (r < 0)
		return tasks_out_of_reach(r) ? 0 : r;
	r = passes(look, &task);
	return r <= 0 ? r : look->each(&task, call, look->context);
}

/* Call @each with every entry of a directory that is a number. */
static int each_number(int at, const char *path,
		       int (*each)(const struct look *, uint32_t, uint32_t),
		       const struct look *look, uint32_t pid)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return tasks_out_of_reach(r) ? 0 : r;
	}
	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		uint64_t id;

		if (number_u64(entry->d_name, strlen(entry->d_name), 1, UINT32_MAX, &id) == 0)
			r = each(look, pid ? pid : (uint32_t)id, (uint32_t)id);
	}
	if (r == 0 && errno && !tasks_out_of_reach(-errno))
		r = -errno;
	closedir(dir);
	return r;
}

static int look_at_process(const struct look *look, uint32_t pid, uint32_t unused)
{
	char path[32];

	(void)unused;
	if (pid == (uint32_t)getpid())
		return 0;
	snprintf(path, sizeof(path), "%u/task", pid);
	return each_number(look->proc, path, look_at_thread, look, pid);
}

int tasks_waiting(const struct filter *filter, int followed, struct names *names,
		  tasks_waiting_fn each, void *context)
{
	cleanup_close int proc = proc_open();
	const struct id_list *pids = &filter->ids[FILTER_PIDS];
	struct look look = {
		.proc = proc,
		.filter = filter,
		.followed = followed,
		.names = names,
		.each = each,
		.context = context,
	};
	struct stat st;
	int r = 0;

	if (proc < 0)
		return proc;
	if (filter->name)
		glob_parse(&look.name, filter->name);
	if (filter->cgroup >= 0 && fstat(filter->cgroup, &st) == 0)
		look.cgroup = st.st_ino;
	if (pids->count && !filter_follows(filter))
		for (size_t i = 0; r == 0 && i < pids->count; i++)
			r = look_at_process(&look, pids->ids[i], 0);
	else
		r = each_number(proc, ".", look_at_process, &look, 0);
	return r;
}
