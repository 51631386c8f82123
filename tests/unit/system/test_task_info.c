/* SPDX-License-Identifier: MIT */
/* Threads as /proc shows them: who they are, and which call they wait in. */
#define _GNU_SOURCE
#include "waiting_child.h"

#include <errno.h>
#include <fcntl.h>

static void test_line(void **state)
{
	int64_t number = -5;

	(void)state;
	assert_true(task_parse_call("0 0x3 0x7f3dbfc63000 0x20000 0x0 0x0 0x0 0x7ffc 0x7f3d\n",
				    &number));
	assert_int_equal(number, 0);
	assert_true(task_parse_call("232 0x4\n", &number));
	assert_int_equal(number, 232);
	assert_true(task_parse_call("1073741825 0x4\n", &number)); /* x32 */
	assert_int_equal(number, 1073741825);
	assert_false(task_parse_call("running\n", &number));
	assert_false(task_parse_call("-1 0x7ffc 0x7f3d\n", &number)); /* waits, in no call */
	assert_false(task_parse_call("", &number));
	assert_false(task_parse_call("12\n", &number));
	assert_false(task_parse_call("12x 0x1\n", &number));
	assert_false(task_parse_call("99999999999999999999 0x1\n", &number));
}

static void test_read(void **state)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t pid = start_waiting(proc);
	struct task task;

	(void)state;
	assert_int_equal(task_read(proc, (uint32_t)pid, (uint32_t)pid, &task), 0);
	assert_int_equal(task.ppid, getpid());
	assert_int_equal(task.uid, getuid());
	assert_memory_equal(task.comm, "a ) (b\nPPid: 1", 15);
	assert_memory_equal(task.leader, task.comm, TASK_COMM);
	end_waiting(pid);
	assert_true(task_read(proc, (uint32_t)pid, (uint32_t)pid, &task) < 0);
	close(proc);
}

/* Errors that say that a thread has ended or is another user's, and errors that do not. */
static void test_out_of_reach(void **state)
{
	(void)state;
	assert_true(task_is_out_of_reach(-ENOENT) && task_is_out_of_reach(-ESRCH));
	assert_true(task_is_out_of_reach(-EACCES) && task_is_out_of_reach(-EPERM));
	assert_false(task_is_out_of_reach(-EMFILE) || task_is_out_of_reach(0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_out_of_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
