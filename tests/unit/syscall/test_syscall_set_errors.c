/* SPDX-License-Identifier: MIT */
/* Lists of system calls that are refused: what the error says, and which names it suggests. */
#include "syscall_sets.h"

#include <errno.h>

/* A glob has at most 63 elements. */
#define SIXTEEN "????????????????"

static const struct {
	const char *list, *text;
} refused[] = {
	{ "opnat", "'opnat' is not a system call (did you mean openat?)" },
	{ "close,!opnat", "'!opnat' is not a system call (did you mean openat?)" },
	{ COMPAT "opnat",
	  "'" COMPAT "opnat' is not a system call (did you mean " COMPAT "openat?)" },
	{ "pread", "'pread' is not a system call (did you mean read, pread64 or preadv?)" },
	{ "epoll_clt", "'epoll_clt' is not a system call (did you mean epoll_ctl?)" },
	{ "getpid_", "'getpid_' is not a system call (did you mean getpid" },
	{ "OPENAT", "'OPENAT' is not a system call" },
	{ "no_such_call", "'no_such_call' is not a system call" },
	{ "file", "'file' is not a system call (did you mean %file?)" },
	{ "!net", "'!net' is not a system call (did you mean %net?)" },
	{ COMPAT "all", "'" COMPAT "all' is not a system call (did you mean " COMPAT "%all?)" },
	{ "", "'' is not a system call" },
	{ "!", "'!' is not a system call" },
	{ ",", "'' is not a system call" },
	{ "openat,", "'' is not a system call" },
	{ "openat,,close", "'' is not a system call" },
	{ " openat", "' openat' is not a system call (did you mean openat?)" },
	{ "!!openat", "'!!openat' is not a system call (did you mean openat?)" },
	{ "-1", "'-1' is not a system call" },
	{ "+1", "'+1' is not a system call" },
	{ "0x10", "'0x10' is not a system call" },
	{ COMPAT, "'" COMPAT "' is not a system call" },
	{ "1022", "'1022' is outside the numbers of system calls, 0 to 1021" },
	{ "99999999999999999999999", "'99999999999999999999999' is outside" },
	{ COMPAT "1023", "'" COMPAT "1023' is outside" },
	{ "zz*", "'zz*' matches no system call" },
	{ "openat,![0-9]*", "'![0-9]*' matches no system call" },
	{ COMPAT "zz?", "'" COMPAT "zz?' matches no system call" },
	{ "open[a", "'open[a' is not a glob: a [ is not closed" },
	{ SIXTEEN SIXTEEN SIXTEEN SIXTEEN,
	  "is not a glob: it is longer than any system call's name" },
	{ "%fiel", "'%fiel' is not a class of system calls (%file, %desc, %process, %network, "
		   "%signal, %ipc, %memory, %all)" },
	{ "%", "'%' is not a class" },
	{ "%%file", "'%%file' is not a class" },
	{ "!%f*", "'!%f*' is not a class" },
	{ "mips:openat", "'mips:openat' begins with no prefix of an ABI (" COMPAT },
	{ ":openat", "':openat' begins with no prefix of an ABI (" },
	{ COMPAT COMPAT "openat", "'" COMPAT COMPAT "openat' is not a system call" },
	{ COMPAT "!openat", "'" COMPAT "!openat' is not a system call" },
#ifdef __aarch64__
	{ "open", "'open' is not a system call of arm64, which has openat" },
	{ "close,stat", "'stat' is not a system call of arm64, which has newfstatat" },
#endif
	{ "openat,!openat", "'openat,!openat' leaves no system call" },
	{ "!%all", "'!%all' leaves no system call" },
};

/* A list that is refused leaves the set as it was. */
static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct error err = ERROR_INIT;
		struct syscall_set set, before;

		parse(&set, "getppid");
		before = set;
		if (syscall_set_parse(&set, refused[i].list, &err) != -EINVAL ||
		    err.code != -EINVAL)
			fail_msg("%s is not refused", refused[i].list);
		if (!strstr(err.text, refused[i].text))
			fail_msg("%s: %s", refused[i].list, err.text);
		assert_memory_equal(set.bits, before.bits, sizeof(set.bits));
		error_clear(&err);
	}
}

static void test_nothing_is_like_it(void **state)
{
	static const char *const lists[] = { "OPENAT", "no_such_call", "", "!", "x", "qq", "0x10" };

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct error err = ERROR_INIT;
		struct syscall_set set;

		assert_int_equal(syscall_set_parse(&set, lists[i], &err), -EINVAL);
		if (strstr(err.text, "did you mean"))
			fail_msg("%s: %s", lists[i], err.text);
		error_clear(&err);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing_is_like_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
