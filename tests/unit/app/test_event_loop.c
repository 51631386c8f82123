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
	EXPECT(seen.ticks >= 1 && seen.ticks <= 7);
	return 0;
}

/* Of a whole number of intervals the last one ends the run, and is no tick. */
static int whole_intervals(void)
{
	struct loop_setup setup = with_callbacks(20 * MS);
	uint64_t began = now_ns();

	setup.duration_ns = 5 * 20 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	EXPECT(now_ns() - began >= setup.duration_ns);
	EXPECT(seen.ticks <= 4); /* fewer on a machine that is too busy for each of them */
	seen.ticks = 0;
	setup.interval_ns = setup.duration_ns;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	EXPECT(seen.ticks == 0);
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
	const struct timespec later = { .tv_nsec = 250 * MS };
	int signals = begin();

	loop_signals_stage("", LOOP_REPORTING, 1);
	EXPECT(raise(SIGINT) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	nanosleep(&later, NULL);
	raise(SIGTERM); /* ends the process */
	return WRONG;
}

/* One that follows at once is the same wish. */
static int two_at_once(void)
{
	int signals = begin();

	EXPECT(raise(SIGINT) == 0 && raise(SIGTERM) == 0 && raise(SIGINT) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	return 0;
}

/* Nothing else ends the process: it does so itself, with the status that it was given. */
static int nothing_more_to_do(void)
{
	begin();
	loop_signals_stage("", LOOP_REPORTED, 42);
	EXPECT(raise(SIGINT) == 0);
	for (;;)
		pause();
}

static void compute_ms(uint64_t ms)
{
	struct timespec used;

	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	while ((uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / MS < ms);
}

/* To look at many threads takes longer than a report may. */
static int sums_longer(void)
{
	begin();
	loop_signals_stage("test", LOOP_REPORTING, 42);
	EXPECT(raise(SIGINT) == 0);
	loop_signals_stage("test", LOOP_SUMMING, 42);
	compute_ms(1300);
	loop_signals_stage("test", LOOP_REPORTING, 42);
	compute_ms(1500);
	return 0;
}

/* Work without an end is work that takes too long. */
static int endless_work(void)
{
	begin();
	loop_signals_stage("test", LOOP_REPORTING, 42);
	EXPECT(dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO) >= 0);
	EXPECT(raise(SIGINT) == 0);
	for (;;)
		(void)getppid();
}

/* After a signal less time is left than without. */
static int time_that_is_left(void)
{
	begin();
	EXPECT(loop_signals_left_ms(5000) == 5000);
	EXPECT(raise(SIGINT) == 0);
	EXPECT(loop_signals_left_ms(5000) <= 800 && loop_signals_left_ms(20) == 20);
	return 0;
}

/* An alarm that is not the tool's does what it always does. */
static int somebodys_alarm(void)
{
	begin();
	raise(SIGALRM);
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
TEST(whole_intervals)
TEST(pending_signal)
TEST(signal_in_tick)
TEST(broken_pipe_is_an_error)
TEST(nothing_left)
TEST(two_at_once)
TEST(time_that_is_left)
TEST(sums_longer)

static void test_second_signal(void **state)
{
	int status = in_child(second_signal);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	status = in_child(somebodys_alarm);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGALRM);
}

static void test_ends_by_itself(void **state)
{
	int status = in_child(nothing_more_to_do);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	status = in_child(endless_work);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_ticks_then_duration),
		cmocka_unit_test(test_whole_intervals),
		cmocka_unit_test(test_pending_signal),
		cmocka_unit_test(test_signal_in_tick),
		cmocka_unit_test(test_broken_pipe_is_an_error),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_second_signal),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_time_that_is_left),
		cmocka_unit_test(test_sums_longer),
		cmocka_unit_test(test_ends_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
