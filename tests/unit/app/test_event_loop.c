/* SPDX-License-Identifier: MIT */
/* The loop: its ends by the clock and by signals. */
#define _GNU_SOURCE
#include "loop_child.h"

/* The loop ends after its duration, and not before. */
static int duration(void)
{
	struct loop_setup setup = nothing;
	uint64_t began = now_ns(), took;

	setup.duration_ns = 30 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	took = now_ns() - began;
	EXPECT(took >= 30 * MS);
	return 0;
}

/* A tick that fails ends the loop, with its failure. */
static int ticks(void)
{
	struct loop_setup setup = with_callbacks(2 * MS);
	uint64_t began = now_ns();

	seen.stop_at = 4;
	seen.stop_with = -ENOSPC;
	EXPECT(loop_run(&setup, begin(), &err) == -ENOSPC);
	EXPECT(seen.ticks == 4 && seen.data == 0);
	EXPECT(now_ns() - began >= 2 * MS);
	EXPECT(err.code == 0); /* the callback's failure is the callback's to describe */
	return 0;
}

/* Ticks and a duration go together. */
static int ticks_then_duration(void)
{
	struct loop_setup setup = with_callbacks(5 * MS);

	setup.duration_ns = 40 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	EXPECT(seen.ticks >= 1 && seen.ticks <= 8);
	return 0;
}

/* No timer: the signal is there before the loop is. */
static int pending_signal(void)
{
	int signals = begin();

	EXPECT(raise(SIGTERM) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	return 0;
}

/* A signal during a tick ends the loop after it. */
static int signal_in_tick(void)
{
	struct loop_setup setup = with_callbacks(1 * MS);

	seen.signal = SIGINT;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_SIGNAL);
	EXPECT(seen.ticks >= 1);
	return 0;
}

/* A second signal ends the process at once. */
static int second_signal(void)
{
	int signals = begin();

	EXPECT(raise(SIGINT) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	raise(SIGTERM); /* ends the process */
	return WRONG;
}

/* Twice before the loop looks: two different ones, so both are pending. */
static int two_at_once(void)
{
	int signals = begin();

	EXPECT(raise(SIGINT) == 0 && raise(SIGTERM) == 0);
	loop_run(&nothing, signals, &err);
	return WRONG;
}

/* A write that nobody reads fails, and kills nobody. */
static int broken_pipe_is_an_error(void)
{
	int ends[2];

	begin();
	EXPECT(pipe(ends) == 0);
	close(ends[0]);
	EXPECT(write(ends[1], "", 1) == -1 && errno == EPIPE);
	return 0;
}

/* A run leaves no descriptor behind. */
static int nothing_left(void)
{
	struct loop_setup setup = with_callbacks(1 * MS);
	int signals = begin(), before = dup(0), after;

	setup.duration_ns = 2 * MS;
	EXPECT(loop_run(&setup, signals, &err) == LOOP_DURATION);
	after = dup(0);
	EXPECT(after == before + 1);
	return 0;
}

TEST(duration)
TEST(ticks)
TEST(ticks_then_duration)
TEST(pending_signal)
TEST(signal_in_tick)
TEST(broken_pipe_is_an_error)
TEST(nothing_left)

static void test_second_signal(void **state)
{
	int status = in_child(second_signal);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	status = in_child(two_at_once);
	assert_true(WIFSIGNALED(status));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_ticks_then_duration),
		cmocka_unit_test(test_pending_signal),
		cmocka_unit_test(test_signal_in_tick),
		cmocka_unit_test(test_broken_pipe_is_an_error),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_second_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
