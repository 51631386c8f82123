/* SPDX-License-Identifier: MIT */
/*
 * SIGINT and SIGTERM, which end a run whatever it waits for.
 *
 * The first of them tells the loop (event_loop.h), and the run ends as after --duration. A timer
 * then watches that this takes at most a second: it ends the process if nobody takes the output, or
 * if there is more to compute. Only to look at many threads may take longer (LOOP_SUMMING). Where
 * starting took long, as in an emulated machine, computing may take longer too. A second signal
 * ends the process at once, unless it follows within 250 ms: timeout(1) and others signal a process
 * and then its group, and mean one end.
 */
#ifndef LOOP_SIGNALS_H
#define LOOP_SIGNALS_H

#include <signal.h>
#include <sys/types.h>

#include "error.h"

/**
 * loop_signals_begin() - make signals work whatever this process inherited
 *
 * Some programs leave SIGCHLD ignored, or SIGINT and SIGTERM blocked, to what they start. From here
 * on children can be waited for, and these two signals arrive, also at the first process of a PID
 * namespace. SIGPIPE and SIGXFSZ are ignored: writes fail with EPIPE and EFBIG instead. Call it
 * first, before any child is made.
 */
void loop_signals_begin(void);

/**
 * loop_signals() - let the first SIGINT or SIGTERM end the loop, and the second one the process
 * Return: descriptor for loop_run(), which the caller closes at its end; or negative errno.
 */
int loop_signals(struct error *err);

/* How far the run is, and so what a process that takes too long to end leaves undone. */
enum loop_stage {
	LOOP_STARTING,  /* there is nothing to report yet: no reason to wait */
	LOOP_REPORTING, /* tracing, or writing the last report */
	LOOP_SUMMING,   /* taking in what is left: nothing is written, and many threads take long */
	LOOP_REPORTED,  /* the report is complete */
};

/**
 * loop_signals_stage() - tell what is lost if the process is ended now
 *
 * LOOP_REPORTING also ends the start, whose CPU time tells how slow the machine is.
 *
 * @tool:   its name, for the line on standard error; borrowed
 * @stage:  from here on
 * @status: the exit status if it is ended in LOOP_REPORTED; 1 in the other stages
 */
void loop_signals_stage(const char *tool, enum loop_stage stage, int status);

/**
 * loop_signals_command() - a process that is not to outlive a run that is ended too early
 * @pid: it gets SIGTERM then; 0: there is none (any more). Call before it is waited for. Negative:
 *       its process group, which is not in the terminal's session: Ctrl-Z stops it too, and it
 *       goes on with the tool
 */
void loop_signals_command(pid_t pid);

/**
 * loop_signals_left_ms() - how long what is left to do may take
 * @most: the answer while there was no signal
 * Return: at most @most milliseconds, and after a signal so few that the run ends within a second.
 */
int loop_signals_left_ms(int most);

/**
 * loop_signals_hold() - block both signals
 * @mask:   set to what was blocked before
 * @childs: set to what was blocked when the tool began, for a child to have
 */
void loop_signals_hold(sigset_t *mask, sigset_t *childs);

/** loop_signals_undo() - in a child: restore the dispositions that the tool was started with. */
void loop_signals_undo(void);

#endif
