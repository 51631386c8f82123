/* SPDX-License-Identifier: MIT */
/* Messages of a helper process, with and without a descriptor. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "helper_process.h"

/* Answers "one" with a descriptor, "two" without, "cut" with half a message, and then ends. */
static _Noreturn void serve(int channel)
{
	bool is_well = true;
	char asked[4];
	int pipes[2];

	if (pipe(pipes) < 0)
		_exit(1);

	while (is_well && read(channel, asked, sizeof(asked)) == sizeof(asked)) {
		bool one = !strcmp(asked, "one");

		if (!strcmp(asked, "cut"))
			is_well = write(channel, asked, 2) == 2;
		else
			is_well = (!one || write(pipes[1], "through", 8) == 8) &&
				  helper_answer_descriptor(channel, asked, sizeof(asked),
							   one ? pipes[0] : -1) == 0;
	}
	_exit(!is_well);
}

static void test_descriptors(void **state)
{
	struct helper_process helper = HELPER_PROCESS_INIT;
	char answer[4], bytes[8];
	int channel, fd = 99, r = helper_fork(&helper, &channel);

	(void)state;
	if (r == 0)
		serve(channel);
	assert_int_equal(r, 1);
	assert_int_equal(helper_send(&helper, "one", 4), 0);
	assert_int_equal(helper_receive_descriptor(&helper, answer, 4, &fd), 0);
	assert_string_equal(answer, "one");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 8);
	assert_string_equal(bytes, "through");
	close(fd);

	assert_int_equal(helper_send(&helper, "two", 4), 0);
	assert_int_equal(helper_receive_descriptor(&helper, answer, 4, &fd), 0);
	assert_string_equal(answer, "two");
	assert_int_equal(fd, -1);

	assert_int_equal(helper_send(&helper, "cut", 4), 0);
	assert_int_equal(helper_receive_descriptor(&helper, answer, 4, &fd), -EPIPE);
	assert_int_equal(fd, -1);
	helper_stop(&helper);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
