/* SPDX-License-Identifier: MIT */
/* Socket addresses and other structures in words. */
#define _GNU_SOURCE
#include "unit.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "address_words.h"
#include "part_words.h"

static char text[65536];
static struct words words;

static void begin(void)
{
	words_init(&words, text, sizeof(text));
}

/* With a copy that ends where the address does, so that a byte too many is caught. */
static void check_address(const void *bytes, size_t len, const char *want)
{
	char *copy = memcpy(malloc(len), bytes, len);

	begin();
	address_words(&words, copy, len);
	assert_string_equal(text, want);
	free(copy);
}

static void test_internet(void **state)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(65535) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = htons(53),
				    .sin6_flowinfo = htonl(7),
				    .sin6_scope_id = 3 };

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "10.1.2.3", &four.sin_addr), 1);
	check_address(&four, sizeof(four),
		      "{sa_family=AF_INET, sin_port=htons(65535), "
		      "sin_addr=inet_addr(\"10.1.2.3\")}");
	assert_int_equal(inet_pton(AF_INET6, "fe80::1", &six.sin6_addr), 1);
	check_address(&six, sizeof(six),
		      "{sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(7), "
		      "inet_pton(AF_INET6, \"fe80::1\", &sin6_addr), sin6_scope_id=3}");
	check_address(&four, 4, "{sa_family=AF_INET, sa_data=\"\\377\\377\"}");
	check_address(&six, 2, "{sa_family=AF_INET6}");
}

static void test_unix(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/a" };
	size_t head = offsetof(struct sockaddr_un, sun_path);

	(void)state;
	check_address(&address, sizeof(address), "{sa_family=AF_UNIX, sun_path=\"/run/a\"}");
	check_address(&address, head + 4, "{sa_family=AF_UNIX, sun_path=\"/run\"}");
	check_address(&address, head, "{sa_family=AF_UNIX}");
	memcpy(address.sun_path, "\0a\0\033b", 5);
	check_address(&address, head + 5, "{sa_family=AF_UNIX, sun_path=@\"a\\0\\33b\"}");
	check_address(&address, head + 1, "{sa_family=AF_UNIX, sun_path=@\"\"}");
	memset(address.sun_path, 0xff, sizeof(address.sun_path));
	check_address(&address, head + 1, "{sa_family=AF_UNIX, sun_path=\"\\377\"}");
}

static void test_other_families(void **state)
{
	struct sockaddr_nl netlink = { .nl_family = AF_NETLINK, .nl_pid = 5, .nl_groups = 0x10 };
	struct sockaddr_storage other = { .ss_family = 999 };

	(void)state;
	check_address(&netlink, sizeof(netlink),
		      "{sa_family=AF_NETLINK, nl_pid=5, nl_groups=00000010}");
	check_address(&other, 4, "{sa_family=0x3e7, sa_data=\"\\0\\0\"}");
	other.ss_family = AF_UNSPEC;
	check_address(&other, 3, "{sa_family=AF_UNSPEC, sa_data=\"\\0\"}");
}

static void check_strings(const char *bytes, size_t len, size_t limit, bool more, const char *want)
{
	begin();
	part_words_strings(&words, bytes, len, limit, more);
	assert_string_equal(text, want);
}

static void test_strings(void **state)
{
	(void)state;
	check_strings("ls\0-l", 6, 32, false, "[\"ls\", \"-l\"]");
	check_strings("", 1, 32, false, "[\"\"]");
	check_strings("", 0, 32, true, "[...]");
	check_strings("ls\0-l", 6, 32, true, "[\"ls\", \"-l\", ...]");
	check_strings("ls\0-l", 5, 32, false, "[\"ls\", \"-l\"..., ...]");
	check_strings("abcd\0abc", 9, 3, false, "[\"abc\"..., \"abc\"]");
	check_strings("a\0b\0c", 6, 2, false, "[\"a\", \"b\", ...]");
}

static void check_signals(uint64_t set, const char *want)
{
	begin();
	part_words_signals(&words, (const char *)&set);
	assert_string_equal(text, want);
}

static void test_signals(void **state)
{
	(void)state;
	check_signals(0, "[]");
	check_signals(UINT64_MAX, "~[]");
	check_signals(1, "[HUP]");
	check_signals(UINT64_C(7) << 31, "[RTMIN RT_1 RT_2]");
	check_signals(UINT64_C(1) << 63, "[RT_32]");
	check_signals(~(UINT64_C(3) << 31), "~[RTMIN RT_1]");
}

static void check_status(int status, const char *want)
{
	begin();
	part_words_status(&words, status);
	assert_string_equal(text, want);
}

static void test_status(void **state)
{
	(void)state;
	check_status(0, "[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]");
	check_status(3 << 8, "[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]");
	check_status(9, "[{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}]");
	check_status(11 | 0x80, "[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}]");
	check_status(20 << 8 | 0x7f, "[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTSTP}]");
	check_status(0xffff, "[{WIFCONTINUED(s)}]");
}

static void test_numbers(void **state)
{
	const int64_t time[2] = { -1, 999999999 };
	const int ints[2] = { -1, 4 };

	(void)state;
	begin();
	part_words_time(&words, (const char *)time);
	assert_string_equal(text, "{tv_sec=-1, tv_nsec=999999999}");
	begin();
	part_words_ints(&words, (const char *)ints, sizeof(ints));
	assert_string_equal(text, "[-1, 4]");
	begin();
	part_words_ints(&words, (const char *)ints, 3);
	assert_string_equal(text, "[]");
}

static void check_stat(unsigned mode, const char *want)
{
	const struct stat bytes = { .st_mode = mode, .st_size = 5, .st_rdev = makedev(4, 64) };
	const struct statx more = { .stx_mask = STATX_MODE | STATX_SIZE,
				    .stx_mode = (uint16_t)mode,
				    .stx_size = 5 };

	begin();
	part_words_stat(&words, (const char *)&bytes);
	assert_string_equal(text, want);
	begin();
	part_words_statx(&words, (const char *)&more);
	assert_non_null(strstr(text, ", stx_size=5, ...}"));
}

static void test_stat(void **state)
{
	(void)state;
	check_stat(S_IFREG | 0644, "{st_mode=S_IFREG|0644, st_size=5, ...}");
	check_stat(S_IFDIR | 01777, "{st_mode=S_IFDIR|S_ISVTX|0777, st_size=5, ...}");
	check_stat(S_IFCHR | 0620, "{st_mode=S_IFCHR|0620, st_rdev=makedev(0x4, 0x40), ...}");
	begin();
	part_words_statx(&words,
			 (const char *)&(const struct statx){ .stx_mask = STATX_MODE | STATX_SIZE,
							      .stx_mode = S_IFREG | 0600 });
	assert_string_equal(text, "{stx_mask=STATX_MODE|STATX_SIZE, stx_attributes=0, "
				  "stx_mode=S_IFREG|0600, stx_size=0, ...}");
}

static void check_words(void (*add)(struct words *w, const char *bytes), const uint64_t *bytes,
			const char *want)
{
	begin();
	add(&words, (const char *)bytes);
	assert_string_equal(text, want);
}

static void test_limits(void **state)
{
	(void)state;
	check_words(part_words_limit, (const uint64_t[]){ 8192 * 1024, UINT64_MAX },
		    "{rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}");
	check_words(part_words_limit, (const uint64_t[]){ 1024, 1025 },
		    "{rlim_cur=1024, rlim_max=1025}");
}

static void test_actions(void **state)
{
	(void)state;
	check_words(part_words_action, (const uint64_t[]){ 0, 0, 0x99, 0 },
		    "{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}");
	check_words(part_words_action, (const uint64_t[]){ 1, SA_RESTART, 0, 1 },
		    "{sa_handler=SIG_IGN, sa_mask=[HUP], sa_flags=SA_RESTART}");
	check_words(part_words_action, (const uint64_t[]){ 0x1000, 0x04000000, 0x2000, 0 },
		    "{sa_handler=0x1000, sa_mask=[], sa_flags=SA_RESTORER, sa_restorer=0x2000}");
}

static void test_hex(void **state)
{
	(void)state;
	begin();
	part_words_hex(&words, "a\xff", 2, false);
	part_words_hex(&words, "", 1, true);
	assert_string_equal(text, "\"\\x61\\xff\"\"\\x00\"...");
}

/* What has no room is cut, and never written past the end. */
static void test_little_room(void **state)
{
	char small[8];

	(void)state;
	words_init(&words, small, sizeof(small));
	part_words_bytes(&words, "0123456789", 10, true);
	part_words_bytes(&words, "0123456789", 10, true);
	assert_string_equal(small, "\"012345");
	assert_int_equal(words.len, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_internet),
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_other_families),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
