/* SPDX-License-Identifier: MIT */
/*
 * The COMMAND of `-- COMMAND`: made early, held back until the probes are live, then let go, so
 * that its first event is its own execve and nothing is missed. Its standard output is the tool's
 * standard error: the tool's standard output carries data only.
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
};

/**
 * struct command
 * @pid:    its process id; 0: there is none
 * @pidfd:  readable when it has ended
 * @go:     writing a byte lets it go; closing it unused ends it
 * @failed: where it reports that execve failed
 */
struct command {
	pid_t pid;
	int pidfd;
	int go;
	int failed;
};

#define COMMAND_INIT                                                                               \
	{                                                                                          \
		.pidfd = -1, .go = -1, .failed = -1                                                \
	}

/**
 * command_find() - look a command up in PATH, as execvp(3) would
 * @as: the user who is to execute it; NULL: whoever this is
 * Return: 0, or negative errno; *@status is then the exit status the contract asks for.
 */
int command_find(const char *name, const struct identity *as, int *status, struct error *err);

/**
 * command_start() - make the process and hold it
 * @argv: NULL-terminated
 * @as:   see command_find()
 * Return: 0, or negative errno. What is wrong with @argv is known when it is released.
 */
int command_start(struct command *command, char *const *argv, const struct identity *as,
		  struct error *err);

/** command_release() - let it go. Return: as command_find(); fails when its execve does. */
int command_release(struct command *command, const char *name, int *status, struct error *err);

/**
 * command_finish() - collect it; a command that is held is ended
 * @terminate: it is still running and is to be sent SIGTERM; it has two seconds to end
 * @status:    exit status for the tool: its own, or 128 + signal
 * Return: true when it has ended; false: it goes on by itself, and @command is empty.
 */
bool command_finish(struct command *command, bool terminate, int *status);

#endif
