/* SPDX-License-Identifier: MIT */
/* Records of births, execs and exits: the bytes of each to JSON and to a line, and bytes that are
 * none. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event_line.h"
#include "fork_records.h"
#include "names.h"

#define WALL UINT64_C(1763816583000000000)

/* ---- records ---- */

static struct fork_head head(enum fork_type type)
{
	return (struct fork_head){ .time_ns = 123456789,
				   .type = type,
				   .pid = 1234,
				   .tid = 1235,
				   .ppid = 17,
				   .uid = 1000,
				   .host_pid = 1234,
				   .host_tid = 1235,
				   .host_ppid = 17,
				   .comm = "bash" };
}

static struct fork_birth birth(enum fork_type type, uint64_t flags)
{
	return (struct fork_birth){ .head = head(type), .flags = flags, .parent_comm = "tmux" };
}

static struct fork_exit ending(uint32_t status, uint64_t lifetime_ns, bool last)
{
	return (struct fork_exit){
		.head = head(FORK_EXIT), .lifetime_ns = lifetime_ns, .status = status, .last = last
	};
}

/* An exec into @buf. Return: its size. */
static size_t exec_record(void *buf, const char *path, const char *args, size_t args_read,
			  size_t args_size)
{
	struct fork_exec exec = { .head = head(FORK_EXEC),
				  .old_comm = "sh",
				  .args_size = (uint32_t)args_size,
				  .args_read = (uint32_t)args_read,
				  .path_size = (uint32_t)strlen(path) + 1 };
	char *data = (char *)buf + sizeof(exec);

	memcpy(buf, &exec, sizeof(exec));
	memcpy(data, path, exec.path_size);
	memcpy(data + exec.path_size, args, args_read);
	return sizeof(exec) + exec.path_size + args_read;
}

/* As the tool does it, with a copy that ends where the record does, so that a byte too many is
 * caught. */
static int report_with(struct sink *s, const void *data, size_t size,
		       const struct fork_context *context, enum fork_type *type)
{
	void *copy = malloc(size ? size : 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, data, size);
	r = fork_event_type(copy, size, type);
	if (r == 0)
		r = fork_event_report(s->report, copy, size, context);
	free(copy);
	return r;
}

static const struct fork_context ordinary = { .wall_ns = WALL };

static int report(struct sink *s, const void *data, size_t size, enum fork_type *type)
{
	return report_with(s, data, size, &ordinary, type);
}

static void check_text_with(enum report_format format, const void *data, size_t size,
			    const struct fork_context *context, const char *want)
{
	enum fork_type type;
	struct sink s;

	sink_open(&s, format);
	assert_int_equal(report_with(&s, data, size, context, &type), 0);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);
}

static void check_text(enum report_format format, const void *data, size_t size,
		       enum fork_type want_type, const char *want)
{
	enum fork_type type = FORK_TYPES;
	struct sink s;

	sink_open(&s, format);
	assert_int_equal(report(&s, data, size, &type), 0);
	assert_int_equal(type, want_type);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);
}

#define HEAD_JSON(type)                                                                            \
	"{\"type\":\"" type "\",\"ts\":1763816583.123456789,\"pid\":1234,\"tid\":1235,"            \
	"\"ppid\":17,\"uid\":1000,\"comm\":\"bash\","
#define HEAD_LINE(type) type "     1234     1235       17   1000  bash             "

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(fork_type_name(FORK_FORK), "fork");
	assert_string_equal(fork_type_name(FORK_THREAD), "thread");
	assert_string_equal(fork_type_name(FORK_EXEC), "exec");
	assert_string_equal(fork_type_name(FORK_EXIT), "exit");
}

static void test_birth(void **state)
{
	struct fork_birth b = birth(FORK_FORK, CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD);

	(void)state;
	check_text(REPORT_JSON, &b, sizeof(b), FORK_FORK,
		   HEAD_JSON("fork") "\"parent_comm\":\"tmux\",\"flags\":[\"CLONE_CHILD_CLEARTID\","
				     "\"CLONE_CHILD_SETTID\"]}\n");
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK, HEAD_LINE("fork  ") "by tmux\n");

	b = birth(FORK_FORK, CLONE_VM | CLONE_VFORK | CLONE_NEWPID);
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK,
		   HEAD_LINE("fork  ") "by tmux CLONE_VFORK|CLONE_NEWPID\n");

	b = birth(FORK_THREAD, 0);
	memset(b.parent_comm, 'p', sizeof(b.parent_comm));
	memset(b.head.comm, 'c', sizeof(b.head.comm));
	check_text(REPORT_JSON, &b, sizeof(b), FORK_THREAD,
		   "{\"type\":\"thread\",\"ts\":1763816583.123456789,\"pid\":1234,\"tid\":1235,"
		   "\"ppid\":17,\"uid\":1000,\"comm\":\"cccccccccccccccc\","
		   "\"parent_comm\":\"pppppppppppppppp\",\"flags\":[]}\n");
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_THREAD,
		   "thread     1234     1235       17   1000  cccccccccccccccc  by "
		   "pppppppppppppppp\n");
}

/* Every flag has a name, and only its own; one that no header knows is shown as a number. */
static void test_flags(void **state)
{
	size_t named = 0, unnamed = 0;

	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		struct fork_flags flags;
		char number[24];

		fork_flags_name(&flags, 1ULL << bit, false);
		assert_in_range(flags.count, 0, 1);
		if (!flags.count)
			continue;
		snprintf(number, sizeof(number), "0x%llx", 1ULL << bit);
		if (strncmp(flags.names[0].text.bytes, "CLONE_", 6) == 0)
			named++;
		else if (strcmp(flags.names[0].text.bytes, number) == 0)
			unnamed++;
		if (1ULL << bit == CLONE_NEWUSER)
			assert_string_equal(flags.names[0].text.bytes, "CLONE_NEWUSER");
		if (1ULL << bit == CLONE_NEWTIME)
			assert_string_equal(flags.names[0].text.bytes, "CLONE_NEWTIME");
	}
	/* all above the signal's byte and one within it, CLONE_CLEAR_SIGHAND and CLONE_INTO_CGROUP
	 */
	assert_int_equal(named, 24 + 1 + 2);
	assert_int_equal(unnamed, 64 - 34);
}

static void check_birth(uint64_t flags, const char *json, const char *words)
{
	struct fork_birth b = birth(FORK_FORK, flags);
	char expected[256];

	snprintf(expected, sizeof(expected),
		 HEAD_JSON("fork") "\"parent_comm\":\"tmux\",\"flags\":[%s]}\n", json);
	check_text(REPORT_JSON, &b, sizeof(b), FORK_FORK, expected);
	snprintf(expected, sizeof(expected), HEAD_LINE("fork  ") "by tmux%s\n", words);
	check_text(REPORT_TABLE, &b, sizeof(b), FORK_FORK, expected);
}

static void test_new_flags(void **state)
{
	(void)state;
	check_birth(SIGCHLD, "", "");
	check_birth(CLONE_NEWTIME | CLONE_CLEAR_SIGHAND,
		    "\"CLONE_NEWTIME\",\"CLONE_CLEAR_SIGHAND\"", " CLONE_NEWTIME");
	check_birth(CLONE_VM | CLONE_NEWNS | 5ULL << 40,
		    "\"CLONE_VM\",\"CLONE_NEWNS\",\"0x50000000000\"", " CLONE_NEWNS|0x50000000000");
}

static void test_exit(void **state)
{
	static const struct {
		struct fork_exit record;
		const char *json, *line;
	} cases[] = {
		{ { .status = 0, .lifetime_ns = 1500000000, .last = 1 },
		  "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":1500000000,\"last\":"
		  "true}\n",
		  "code 0, lived 1.500s\n" },
		{ { .status = 255 << 8, .lifetime_ns = 75200000000, .last = 0 },
		  "\"code\":255,\"signal\":null,\"core\":false,\"lifetime_ns\":75200000000,"
		  "\"last\":false}\n",
		  "code 255, lived 75.2s, a thread\n" },
		{ { .status = SIGKILL, .lifetime_ns = 0, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGKILL\",\"core\":false,\"lifetime_ns\":0,\"last\":"
		  "true}\n",
		  "signal SIGKILL, lived 0.000s\n" },
		{ { .status = SIGSEGV | 0x80, .lifetime_ns = 999999999999, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGSEGV\",\"core\":true,\"lifetime_ns\":999999999999,"
		  "\"last\":true}\n",
		  "signal SIGSEGV, core dumped, lived 1000s\n" },
		/* As `kill -l` has them. */
		{ { .status = 34, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGRTMIN\",\"core\":false,\"lifetime_ns\":1000,"
		  "\"last\":true}\n",
		  "signal SIGRTMIN, lived 0.000s\n" },
		{ { .status = 64, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIGRTMIN+30\",\"core\":false,\"lifetime_ns\":1000,"
		  "\"last\":true}\n",
		  "signal SIGRTMIN+30, lived 0.000s\n" },
		{ { .status = 32, .lifetime_ns = 1000, .last = 1 },
		  "\"code\":null,\"signal\":\"SIG32\",\"core\":false,\"lifetime_ns\":1000,\"last\":"
		  "true}\n",
		  "signal SIG32, lived 0.000s\n" },
		{ { .status = 0x7f, .lifetime_ns = UINT64_MAX, .last = 1 },
		  "\"code\":null,\"signal\":\"SIG127\",\"core\":false,"
		  "\"lifetime_ns\":18446744073709551615,\"last\":true}\n",
		  "signal SIG127, lived 18446744074s\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct fork_exit *r = &cases[i].record;
		struct fork_exit e = ending(r->status, r->lifetime_ns, r->last);
		char want[512];

		snprintf(want, sizeof(want), HEAD_JSON("exit") "%s", cases[i].json);
		check_text(REPORT_JSON, &e, sizeof(e), FORK_EXIT, want);
		snprintf(want, sizeof(want), HEAD_LINE("exit  ") "%s", cases[i].line);
		check_text(REPORT_TABLE, &e, sizeof(e), FORK_EXIT, want);
	}
}

static void check_exec(const char *path, const char *args, size_t args_read, size_t args_size,
		       const char *json, const char *line)
{
	_Alignas(8) char record[1024];
	char want[1024];
	size_t len, size = exec_record(record, path, args, args_read, args_size);

	snprintf(want, sizeof(want), HEAD_JSON("exec") "%s", json);
	check_text(REPORT_JSON, record, size, FORK_EXEC, want);
	snprintf(want, sizeof(want), HEAD_LINE("exec  ") "%s", line);
	/* No blanks at the end of a line. */
	for (len = strlen(want); want[len - 1] == ' '; len--)
		;
	memcpy(want + len, "\n", 2);
	check_text(REPORT_TABLE, record, size, FORK_EXEC, want);
}

static void test_exec(void **state)
{
	(void)state;
	check_exec("/bin/ls", "ls\0-l\0a b\0", 10, 10,
		   "\"filename\":\"/bin/ls\",\"argv\":[\"ls\",\"-l\",\"a b\"],\"truncated\":false,"
		   "\"ret\":0,\"old_comm\":\"sh\"}\n",
		   "ls -l 'a b'");
	/* Empty arguments are arguments. */
	check_exec(
		"x", "\0\0a\0\0", 5, 5,
		"\"filename\":\"x\",\"argv\":[\"\",\"\",\"a\",\"\"],\"truncated\":false,\"ret\":0,"
		"\"old_comm\":\"sh\"}\n",
		"'' '' a ''");
	check_exec("x", "", 0, 0,
		   "\"filename\":\"x\",\"argv\":[],\"truncated\":false,\"ret\":0,\"old_comm\":"
		   "\"sh\"}\n",
		   "");
	/* Cut in the middle of an argument, and between two. */
	check_exec(
		"x", "cat\0/etc/pass", 13, 5000,
		"\"filename\":\"x\",\"argv\":[\"cat\",\"/etc/pass\"],\"truncated\":true,\"ret\":0,"
		"\"old_comm\":\"sh\"}\n",
		"cat /etc/pass...");
	check_exec("x", "cat\0", 4, 5,
		   "\"filename\":\"x\",\"argv\":[\"cat\"],\"truncated\":true,\"ret\":0,\"old_"
		   "comm\":\"sh\"}\n",
		   "cat...");
	check_exec("x", "", 0, 9,
		   "\"filename\":\"x\",\"argv\":[],\"truncated\":true,\"ret\":0,\"old_comm\":"
		   "\"sh\"}\n",
		   "...");
	check_exec("/tmp/\xff\n", "a\033[2J\0\xc3\xa9\0", 9, 9,
		   "\"filename\":\"/tmp/\\\\xff\\n\",\"argv\":[\"a\\u001B[2J\",\"\xc3\xa9\"],"
		   "\"truncated\":false,\"ret\":0,\"old_comm\":\"sh\"}\n",
		   "$'a\\e[2J' $'\xc3\xa9'");
}

/* The stream's records are padded: what is behind the record's own sizes does not count. */
static void test_padding(void **state)
{
	_Alignas(8) char record[1024];
	struct fork_birth b[2] = { birth(FORK_FORK, 0), birth(FORK_FORK, ~0ULL) };
	size_t size = exec_record(record, "x", "a\0b\0", 4, 4);

	(void)state;
	memset(record + size, 'Z', 8);
	for (size_t more = 0; more < 8; more++) {
		check_text(REPORT_TABLE, record, size + more, FORK_EXEC,
			   HEAD_LINE("exec  ") "a b\n");
		check_text(REPORT_TABLE, b, sizeof(b[0]) + more, FORK_FORK,
			   HEAD_LINE("fork  ") "by tmux\n");
	}
}

static void test_no_old_name(void **state)
{
	_Alignas(8) char record[1024];
	size_t size = exec_record(record, "x", "a\0", 2, 2);

	(void)state;
	memset(record + offsetof(struct fork_exec, old_comm), 0, FORK_COMM);
	check_text(
		REPORT_JSON, record, size, FORK_EXEC,
		HEAD_JSON(
			"exec") "\"filename\":\"x\",\"argv\":[\"a\"],\"truncated\":false,\"ret\":0,"
				"\"old_comm\":null}\n");
}

static void test_failed_exec(void **state)
{
	_Alignas(8) char record[1024];
	struct fork_exec *exec = (struct fork_exec *)record;
	size_t size = exec_record(record, "/bin/no", "no\0", 3, 4);

	(void)state;
	assert_false(fork_event_failed(record));
	exec->ret = -ENOENT;
	assert_true(fork_event_failed(record));
	check_text(REPORT_JSON, record, size, FORK_EXEC,
		   HEAD_JSON("exec") "\"filename\":\"/bin/"
				     "no\",\"argv\":[\"no\"],\"truncated\":true,\"ret\":-2,"
				     "\"old_comm\":\"sh\"}\n");
	check_text(REPORT_TABLE, record, size, FORK_EXEC,
		   HEAD_LINE("exec  ") "/bin/no...: ENOENT\n");
	exec->head.type = FORK_EXIT;
	assert_false(fork_event_failed(record));
}

/* With usage behind it; a record of the padding's length more is still without. */
static void test_usage(void **state)
{
	struct fork_exit_usage record = {
		.exit = ending(0, 2000000000, true),
		.usage = { .runtime_ns = 1000000000,
			   .user_ns = 3000000,
			   .system_ns = 1000000,
			   .max_rss_pages = 512,
			   .minor_faults = 77,
			   .major_faults = 2 },
	};
	const struct fork_context hidden = { .wall_ns = WALL, .hide_usage = true };
	const size_t mib = 512 * (size_t)sysconf(_SC_PAGESIZE) >> 20;
	char want[512];

	(void)state;
	snprintf(want, sizeof(want),
		 HEAD_LINE("exit  ") "code 0, lived 2.000s, user 0.750s, system 0.250s, %zu.0 MiB, "
				     "faults 77+2\n",
		 mib);
	check_text(REPORT_TABLE, &record, sizeof(record), FORK_EXIT, want);
	snprintf(
		want, sizeof(want),
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,"
				  "\"lifetime_ns\":2000000000,\"last\":true,\"user_ns\":750000000,"
				  "\"system_ns\":250000000,"
				  "\"max_rss_bytes\":%zu,\"minor_faults\":77,\"major_faults\":2}\n",
		mib << 20);
	check_text(REPORT_JSON, &record, sizeof(record), FORK_EXIT, want);
	for (size_t more = 0; more < 8; more++)
		check_text(REPORT_TABLE, &record, sizeof(record.exit) + more, FORK_EXIT,
			   HEAD_LINE("exit  ") "code 0, lived 2.000s\n");
	check_text_with(REPORT_TABLE, &record, sizeof(record), &hidden,
			HEAD_LINE("exit  ") "code 0, lived 2.000s\n");
	record.exit.last = 0;
	check_text(REPORT_TABLE, &record, sizeof(record), FORK_EXIT,
		   HEAD_LINE("exit  ") "code 0, lived 2.000s, a thread, user 0.750s, system "
				       "0.250s, faults 77+2\n");
}

/* The parts are never more than the whole, whatever was sampled. */
static void test_usage_times(void **state)
{
	static const uint64_t edges[] = {
		0, 1, 2, 999999999, 1ULL << 53, (1ULL << 53) + 1, (1ULL << 60) - 1, 1ULL << 60
	};

	(void)state;
	for (size_t r = 0; r < COUNT(edges); r++) {
		for (size_t u = 0; u < COUNT(edges); u++) {
			for (size_t s = 0; s < COUNT(edges); s++) {
				const struct fork_usage usage = { .runtime_ns = edges[r],
								  .user_ns = edges[u],
								  .system_ns = edges[s] };
				struct fork_times t = fork_usage_times(&usage);

				assert_true(t.user_ns <= edges[r] && t.system_ns <= edges[r]);
				assert_true(t.user_ns + t.system_ns == edges[r]);
				assert_true(edges[s] || !t.system_ns);
			}
		}
	}
}

/* Seen from inside a PID namespace: its ids, and the host's as well. */
static void test_namespace(void **state)
{
	const struct fork_context host = { .wall_ns = WALL, .host_pids = true };
	struct fork_exit e = ending(0, 0, true);

	(void)state;
	e.head.host_pid = 51234;
	e.head.host_tid = 51235;
	e.head.host_ppid = 50017;
	check_text(REPORT_TABLE, &e, sizeof(e), FORK_EXIT,
		   HEAD_LINE("exit  ") "code 0, lived 0.000s\n");
	check_text_with(REPORT_TABLE, &e, sizeof(e), &host,
			"exit      51234    51235    50017   1000  bash             code 0, lived "
			"0.000s\n");
	check_text(
		REPORT_JSON, &e, sizeof(e), FORK_EXIT,
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":0,"
				  "\"last\":true,"
				  "\"host_pid\":51234,\"host_tid\":51235,\"host_ppid\":50017}\n");
}

static void test_lineage(void **state)
{
	const struct cell names[] = { { .text = { "systemd", 7 } },
				      { .text = { "s\nh", 3 } },
				      { .text = { "ls", 2 } } };
	const struct fork_context context = { .wall_ns = WALL,
					      .lineage = names,
					      .generations = COUNT(names) };
	const struct fork_context indented = { .wall_ns = WALL, .indent = 2 };
	struct fork_exit e = ending(0, 0, true);

	(void)state;
	check_text_with(REPORT_TABLE, &e, sizeof(e), &context,
			HEAD_LINE("exit  ") "systemd > s\\nh > ls: code 0, lived 0.000s\n");
	check_text_with(REPORT_TABLE, &e, sizeof(e), &indented,
			HEAD_LINE("exit  ") "    code 0, lived 0.000s\n");
	check_text_with(
		REPORT_JSON, &e, sizeof(e), &context,
		HEAD_JSON("exit") "\"code\":0,\"signal\":null,\"core\":false,\"lifetime_ns\":0,"
				  "\"last\":true,\"lineage\":[\"systemd\",\"s\\nh\",\"ls\"]}\n");
}

/* As long as the program sends them: every argument there, and every byte. */
static void test_long_exec(void **state)
{
	enum { ARGS = 8192, PATH = FORK_PATH - 1 };
	char *record = calloc(1, sizeof(struct fork_exec) + FORK_PATH + ARGS), *args = malloc(ARGS);
	char path[FORK_PATH];
	enum fork_type type;
	json_t *json;
	size_t size;
	struct sink s;

	(void)state;
	assert_true(record && args);
	memset(path, '/', PATH);
	path[PATH] = '\0';
	for (size_t i = 0; i < ARGS; i++)
		args[i] = i % 2 ? '\0' : '\x01';
	size = exec_record(record, path, args, ARGS, ARGS);
	sink_open(&s, REPORT_JSON);
	assert_int_equal(report(&s, record, size, &type), 0);
	json = json_loads(sink_text(&s), 0, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "argv")), ARGS / 2);
	assert_int_equal(json_string_length(json_object_get(json, "filename")), PATH);
	json_decref(json);
	sink_close(&s);
	free(args);
	free(record);
}

/* ---- what is no record ---- */

static void check_refused(const void *data, size_t size)
{
	enum fork_type type = FORK_TYPES;
	struct sink s;

	sink_open(&s, REPORT_JSON);
	assert_int_equal(report(&s, data, size, &type), -EBADMSG);
	assert_string_equal(sink_text(&s), "");
	sink_close(&s);
}

static void test_short(void **state)
{
	_Alignas(8) char record[256];
	const struct fork_birth b = birth(FORK_THREAD, 0);
	const struct fork_exit e = ending(0, 0, true);
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);

	(void)state;
	for (size_t shorter = 0; shorter < sizeof(b); shorter++)
		check_refused(&b, shorter);
	for (size_t shorter = 0; shorter < sizeof(e); shorter++)
		check_refused(&e, shorter);
	for (size_t shorter = 0; shorter < size; shorter++)
		check_refused(record, shorter);
}

static void test_lies(void **state)
{
	static const uint32_t types[] = { FORK_TYPES, 5, 255, 1u << 31, UINT32_MAX };
	static const uint32_t sizes[][2] = {
		{ 15, 0 },
		{ 9, 6 },
		{ 8, 7 },
		{ 0, 15 },
		{ UINT32_MAX, 0 },
		{ 0, UINT32_MAX },
		{ UINT32_MAX, UINT32_MAX },
		{ 8, UINT32_MAX - 7 },
		{ 1u << 31, 1u << 31 },
	};
	_Alignas(8) char record[256];
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);
	struct fork_exec *exec = (struct fork_exec *)record;

	(void)state;
	assert_int_equal(size, sizeof(*exec) + 14);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		exec->path_size = sizes[i][0];
		exec->args_read = sizes[i][1];
		check_refused(record, size);
	}
	for (size_t i = 0; i < COUNT(types); i++) {
		exec->head.type = types[i];
		check_refused(record, size);
	}
}

/* A path without an end, arguments without one, more read than there is: shown as far as the bytes
 * go. */
static void test_odd(void **state)
{
	_Alignas(8) char record[256];
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);
	struct fork_exec *exec = (struct fork_exec *)record;

	(void)state;
	exec->path_size = 4;
	exec->args_read = 10;
	exec->args_size = 3;
	check_text(REPORT_JSON, record, size, FORK_EXEC,
		   HEAD_JSON("exec") "\"filename\":\"/bin\",\"argv\":[\"/ls\",\"ls\",\"-l\"],"
				     "\"truncated\":false,\"ret\":0,\"old_comm\":\"sh\"}\n");
}

/* Any bytes at all: refused, or a line that is JSON. */
static void test_random(void **state)
{
	size_t refused = 0, taken = 0;
	uint32_t seed = 5;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		_Alignas(8) char record[200];
		size_t size = random_next(&seed) % sizeof(record);
		struct fork_exec *exec = (struct fork_exec *)record;
		enum fork_type type = FORK_TYPES;
		struct sink s;
		int r;

		for (size_t i = 0; i < sizeof(record); i++)
			record[i] = (char)random_next(&seed);
		exec->head.type = random_next(&seed) % (FORK_TYPES + 1);
		if (round % 2) {
			exec->path_size = random_next(&seed) % 80;
			exec->args_read = random_next(&seed) % 80;
		}
		sink_open(&s, REPORT_JSON);
		r = report(&s, record, size, &type);
		if (r == 0) {
			json_t *json = json_loads(sink_text(&s),
						  JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);

			assert_non_null(json);
			assert_string_equal(json_string_value(json_object_get(json, "type")),
					    fork_type_name(type));
			json_decref(json);
			taken++;
		} else {
			assert_int_equal(r, -EBADMSG);
			refused++;
		}
		sink_close(&s);
	}
	assert_true(refused > 1000 && taken > 1000);
}

/* A failed write is passed on as it is. */
static void test_full_disk(void **state)
{
	struct report_options opts = { .format = REPORT_JSON,
				       .layout.columns = fork_columns,
				       .layout.ncolumns = FORK_COLUMNS,
				       .layout.streaming = true };
	const struct fork_exit e = ending(0, 0, true);
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	(void)state;
	opts.out = fopen("/dev/full", "w");
	assert_non_null(opts.out);
	setvbuf(opts.out, NULL, _IONBF, 0);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	assert_int_equal(fork_event_report(report, &e, sizeof(e), &ordinary), -ENOSPC);
	report_free(report);
	fclose(opts.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),       cmocka_unit_test(test_birth),
		cmocka_unit_test(test_flags),       cmocka_unit_test(test_new_flags),
		cmocka_unit_test(test_exit),        cmocka_unit_test(test_exec),
		cmocka_unit_test(test_padding),     cmocka_unit_test(test_no_old_name),
		cmocka_unit_test(test_failed_exec), cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_times), cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_lineage),     cmocka_unit_test(test_long_exec),
		cmocka_unit_test(test_short),       cmocka_unit_test(test_lies),
		cmocka_unit_test(test_odd),         cmocka_unit_test(test_random),
		cmocka_unit_test(test_full_disk),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
