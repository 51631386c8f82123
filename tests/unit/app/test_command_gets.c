/* SPDX-License-Identifier: MIT */
/* COMMAND: its output, its arguments, its descriptors and its signals. */
#define _GNU_SOURCE
#include "held_command.h"

/* Its standard output is the tool's standard error; nothing is printed twice. */
static void outputs(void)
{
	int out, errors;

	redirect(&out, &errors);
	printf("not twice\n"); /* in the buffer at the fork */
	EXPECT(run_shell("echo to stdout; echo to stderr >&2") == 0);
	EXPECT(holds(errors, "to stdout\nto stderr\n"));
	fflush(stdout);
	EXPECT(holds(out, "not twice\n"));
}

/* Its arguments arrive byte by byte. */
static void arguments(void)
{
	int out, errors;

	redirect(&out, &errors);
	EXPECT(run(ARGV("printf", "[%s]", "a b", "", "*", "\n", "\xff")) == 0);
	EXPECT(holds(errors, "[a b][][*][\n][\xff]"));
}

/* Nothing of the tool's: no descriptor but the three, no signal that the tool has blocked or
 * ignores. */
static void inherits_nothing(void)
{
	int out, errors;

	start_afresh();
	redirect(&out, &errors);
	loop_signals_begin();
	EXPECT(loop_signals(&err) >= 0);
	/* The fourth is the directory that is listed. */
	EXPECT(run(ARGV("ls", "/proc/self/fd")) == 0);
	EXPECT(run(ARGV("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")) == 0);
	EXPECT(holds(errors, "0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));
}

/* What the tool was started with it passes on: a shell's background job ignores SIGINT. Some leave
 * more behind. */
static void inherits_ignored(void)
{
	int out, errors;
	sigset_t mask;

	start_afresh();
	redirect(&out, &errors);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	EXPECT(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	loop_signals_begin();
	EXPECT(loop_signals(&err) >= 0);
	EXPECT(run(ARGV("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")) == 0);
	EXPECT(holds(errors, "SigBlk:\t0000000000004001\nSigIgn:\t0000000000011002\n"));
	/* The tool itself can be ended, and learns its child's status. */
	EXPECT(sigprocmask(SIG_BLOCK, NULL, &mask) == 0);
	EXPECT(sigismember(&mask, SIGHUP) == 1 && sigismember(&mask, SIGTERM) == 0);
	EXPECT(run(ARGV("false")) == 1);
}

TEST(outputs)
TEST(arguments)
TEST(inherits_nothing)
TEST(inherits_ignored)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_inherits_nothing),
		cmocka_unit_test(test_inherits_ignored),
	};

	complaints = fcntl(STDERR_FILENO, F_DUPFD, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
