/* SPDX-License-Identifier: MIT */
/*
 * The terminal under a live view: how large it is, when that changes, and single keys from it.
 * Whoever takes keys has changed the terminal for everybody; it is given back on every way out,
 * also those of a signal.
 *
 * Keys come from standard input; what shows or hides the cursor goes to standard output.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "error.h"

/** terminal_size() - lines and columns of the terminal @fd, 24 and 80 when it does not say or is
 * none. */
void terminal_size(int fd, size_t *lines, size_t *columns);

/**
 * terminal_open() - watch the terminal until terminal_close(); once per process at a time
 * @keys: keys may be taken, when standard input is a terminal. From now on it is given back before
 * SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP and signals of a crash do what they did, and taken
 * again at SIGCONT; SIGTTIN and SIGTTOU are ignored. After loop_signals() Return: descriptor that
 * becomes readable when the size has changed or the process goes on after a stop: what is on the
 * screen may be something else. Owned by this room. Or negative errno.
 */
int terminal_open(bool keys, struct error *err);

/** terminal_close() - give the terminal and the signals back; fine when nothing was opened. */
void terminal_close(void);

/** terminal_changed() - make the descriptor of terminal_open() unreadable, until the next time. */
void terminal_changed(void);

/**
 * terminal_take() - no echo, no lines, no cursor, but only in the foreground; cheap when that is so
 * already Return: whether keys can be read. After SIGINT or SIGTERM never.
 */
bool terminal_take(void);

/** terminal_read() - the keys pressed so far; never waits. Return: bytes in @keys, 0 for none or a
 * failure. */
size_t terminal_read(char *keys, size_t size);

#endif
