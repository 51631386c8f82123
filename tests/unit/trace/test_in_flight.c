/* SPDX-License-Identifier: MIT */
/* Threads as /proc shows them: which call they wait in, who they are, and whom a filter lets
 * through. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "in_flight.h"
#include "syscalls.h"
#include "task_info.h"

static void test_line(void **state)
{
	int64_t number = -5;

	(void)state;
	assert_true(tasks_parse_call("0 0x3 0x7f3dbfc63000 0x20000 0x0 0x0 0x0 0x7ffc 0x7f3d\n",
				     &number));
	assert_int_equal(number, 0);
	assert_true(tasks_parse_call("232 0x4\n", &number));
	assert_int_equal(number, 232);
	assert_true(tasks_parse_call("1073741825 0x4\n", &number)); /* x32 */
	assert_int_equal(number, 1073741825);
	assert_false(tasks_parse_call("running\n", &number));
	assert_false(tasks_parse_call("-1 0x7ffc 0x7f3d\n", &number)); /* waits, in no call */
	assert_false(tasks_parse_call("", &number));
	assert_false(tasks_parse_call("12\n", &number));
	assert_false(tasks_parse_call("12x 0x1\n", &number));
	assert_false(tasks_parse_call("99999999999999999999 0x1\n", &number));
}

/* A child that waits in pause(2), by a name of its own. */
static pid_t start_waiting(int proc)
{
	pid_t pid = fork();
	uint32_t call = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_NAME, "a ) (b\nPPid: 1");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	while (tasks_call(proc, (uint32_t)pid, (uint32_t)pid, &call) != 1 || call != SYS_pause)
		assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	return pid;
}

struct seen {
	uint32_t pid, call;
	unsigned times;
};

static int note(const struct task *task, uint32_t call, void *context)
{
	struct seen *seen = context;

	if (task->pid != seen->pid)
		return 0;
	seen->call = call;
	seen->times++;
	return 0;
}

static unsigned times_seen(const struct filter *filter, pid_t pid)
{
	struct seen seen = { .pid = (uint32_t)pid };
	struct names *names = NULL;

	assert_int_equal(names_new(&names), 0);
	assert_int_equal(tasks_waiting(filter, -1, names, note, &seen), 0);
	names_free(names);
	if (seen.times)
		assert_int_equal(seen.call, SYS_pause);
	return seen.times;
}

static void check_filters(pid_t pid)
{
	uint32_t id = (uint32_t)pid, parent = (uint32_t)getpid(), me = getuid(), other = me + 1;
	struct filter all = FILTER_INIT, f = FILTER_INIT;

	assert_int_equal(times_seen(&all, pid), 1);
	f.ids[FILTER_PIDS] = (struct id_set){ &id, 1 };
	assert_int_equal(times_seen(&f, pid), 1);
	f.ids[FILTER_TIDS] = (struct id_set){ &id, 1 };
	f.ids[FILTER_PPIDS] = (struct id_set){ &parent, 1 };
	f.ids[FILTER_UIDS] = (struct id_set){ &me, 1 };
	f.name = "a ?*";
	assert_int_equal(times_seen(&f, pid), 1);
	f.ids[FILTER_UIDS] = (struct id_set){ &other, 1 };
	assert_int_equal(times_seen(&f, pid), 0);
	f.ids[FILTER_UIDS].count = 0;
	f.name = "b*";
	assert_int_equal(times_seen(&f, pid), 0);
	f.name = NULL;
	f.ids[FILTER_PPIDS] = (struct id_set){ &id, 1 };
	assert_int_equal(times_seen(&f, pid), 0);
	f.ids[FILTER_PPIDS].count = 0;
	f.ids[FILTER_TIDS] = (struct id_set){ &parent, 1 };
	assert_int_equal(times_seen(&f, pid), 0);
}

static void test_waiting(void **state)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t pid = start_waiting(proc);
	struct task task;

	(void)state;
	assert_int_equal(tasks_read(proc, (uint32_t)pid, (uint32_t)pid, &task), 0);
	assert_int_equal(task.ppid, getpid());
	assert_int_equal(task.uid, getuid());
	/* A name may look like a line of its own. */
	assert_memory_equal(task.comm, "a ) (b\nPPid: 1", 15);
	assert_memory_equal(task.leader, task.comm, TASK_COMM);
	check_filters(pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(tasks_read(proc, (uint32_t)pid, (uint32_t)pid, &task) < 0);
	close(proc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
