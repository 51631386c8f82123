/* SPDX-License-Identifier: MIT */
/*
 * The COMMAND of `-- COMMAND`.
 *
 * Its process is made early and held until the probes are live. Then it executes the command, so
 * its first event is its own execve and nothing is missed. It writes its standard output to the
 * tool's standard error, because the tool's standard output carries data only.
 */
#ifndef CHILD_COMMAND_H
#define CHILD_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

#include "error.h"
#include "run_as.h"

enum {
	COMMAND_NOT_EXECUTABLE = 126,
	COMMAND_NOT_FOUND = 127,
	COMMAND_STATUS_UNKNOWN = -1,
};

/**
 * struct command
 * @pid:    its process id; 0: there is none
 * @pidfd:  readable when it has ended
 * @go:     writing a byte lets it go; closing it unused ends it
 * @failed: where it reports that execve failed
 * @output: what its standard output is to be; closed once it is started. -1: this process's
 *          standard error
 * @own_session: it leads a session and a process group
 */
struct command {
	pid_t pid;
	int pidfd;
	int go;
	int failed;
	int output;
	bool own_session;
};

#define COMMAND_INIT                                                                               \
	{                                                                                          \
		.pidfd = -1, .go = -1, .failed = -1, .output = -1                                  \
	}

/**
 * command_find() - look a command up in PATH, as execvp(3) does
 * @as:     the user who is to execute it; NULL: the user of this process
 * @status: on failure: the exit status for the tool, 126 or 127
 * Return: 0 or negative errno.
 */
int command_find(const char *name, const struct run_as *as, int *status, struct error *err);

/**
 * command_start() - make the process and hold it before its execve
 * @argv: NULL-terminated
 * @as:   see command_find()
 * Return: 0 or negative errno. A fault in @argv shows when the process is released.
 */
int command_start(struct command *command, char *const *argv, const struct run_as *as,
		  struct error *err);

/**
 * command_release() - let the process execute the command
 * @status: as command_find()
 *
 * A process that somebody has stopped for two seconds is killed, and at once when a signal ends the
 * run.
 *
 * Return: 0; the negative errno of the execve; -ETIMEDOUT: it was stopped; -EINTR: a signal came.
 */
int command_release(struct command *command, const char *name, int *status, struct error *err);

/**
 * command_finish() - collect the process; one that is still held is ended
 * @terminate: if it still runs, send SIGTERM; it has two seconds to end, or what is
 *             left of the second in which a signal ends a run
 * @status:    set to the exit status for the tool: its own, or 128 + signal;
 *             COMMAND_STATUS_UNKNOWN where another process traces it and does not wait for it
 * Return: true: it has ended. false: it goes on by itself, and @command is empty.
 */
bool command_finish(struct command *command, bool terminate, int *status);

#endif
