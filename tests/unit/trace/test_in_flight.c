/* SPDX-License-Identifier: MIT */
/* Calls in flight: which waiting threads a filter lets through. */
#define _GNU_SOURCE
#include "waiting_child.h"

#include <fcntl.h>

#include "clock.h"
#include "in_flight.h"
#include "syscalls.h"

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
	struct id_names *names = NULL;

	assert_int_equal(id_names_new(&names), 0);
	assert_int_equal(in_flight_each(filter, -1, names, note, &seen), 0);
	id_names_free(names);
	if (seen.times)
		assert_int_equal(seen.call, SYS_ppoll);
	return seen.times;
}

static void check_filters(pid_t pid)
{
	uint32_t id = (uint32_t)pid, parent = (uint32_t)getpid(), me = getuid(), other = me + 1;
	struct filter all = FILTER_INIT, f = FILTER_INIT;

	assert_int_equal(times_seen(&all, pid), 1);
	f.ids[FILTER_PIDS] = (struct id_set){ &id, 1 };
	/* Named long ago: it has the id of the one that was meant. */
	f.asked_ns = 1;
	assert_int_equal(times_seen(&f, pid), 0);
	f.asked_ns = clock_boottime_ns();
	assert_int_equal(times_seen(&f, pid), 1);
	f.ids[FILTER_TIDS] = (struct id_set){ &id, 1 };
	f.ids[FILTER_PPIDS] = (struct id_set){ &parent, 1 };
	f.ids[FILTER_UIDS] = (struct id_set){ &me, 1 };
	f.name = "a ?*";
	assert_int_equal(times_seen(&f, pid), 1);
	f.ids[FILTER_UIDS] = (struct id_set){ &other, 1 };
	assert_int_equal(times_seen(&f, pid), 0);
	f.ids[FILTER_UIDS].count = 0;
	f.ids[FILTER_EUIDS] = (struct id_set){ &other, 1 };
	assert_int_equal(times_seen(&f, pid), 0);
	f.ids[FILTER_EUIDS] = (struct id_set){ &me, 1 };
	assert_int_equal(times_seen(&f, pid), 1);
	f.ids[FILTER_EUIDS].count = 0;
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

	(void)state;
	check_filters(pid);
	end_waiting(pid);
	close(proc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
