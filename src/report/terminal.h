/* SPDX-License-Identifier: MIT */
/*
 * The terminal under a live view: its size, when that changes, single keys, and its alternate
 * screen, which leaves what was there before untouched.
 *
 * Both change the terminal for every process that uses it. So it is restored on every way out of
 * the process, signals included, and while the process is stopped.
 *
 * Keys come from standard input, and the screen is that of standard output. Each is taken only if
 * it is the terminal that this process was started from.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "error.h"

/**
 * terminal_size() - ask a terminal for its size
 * @fd:      the terminal
 * @lines:   out: its height; 24 when @fd is no terminal or does not tell
 * @columns: out: its width; 80 in that case
 */
void terminal_size(int fd, size_t *lines, size_t *columns);

/** terminal_can_repaint() - is it a terminal that does more than print lines (TERM=dumb)? */
bool terminal_can_repaint(int fd);

/**
 * terminal_open() - take and watch the terminal until terminal_close()
 * @guest: another process has taken it, and waits until this one ends: watch it, and leave settings
 *         and screen as they are
 * @err:   filled on failure
 *
 * It is restored before SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP and signals of a crash have the
 * effect they had before, and taken again at SIGCONT. SIGTTIN and SIGTTOU are ignored.
 *
 * There is one terminal per process: do not call it twice without terminal_close(). Call it after
 * the handlers of the event loop are installed, because it wraps them.
 *
 * Return: a descriptor, owned by this file, that becomes readable when the screen may have to be
 * painted again: the size has changed, or the process continues after a stop. Or negative errno.
 */
int terminal_open(bool guest, struct error *err);

/** terminal_close() - restore terminal and signal handlers. No effect when nothing is open. */
void terminal_close(void);

/** terminal_repaint_soon() - make that descriptor readable now. */
void terminal_repaint_soon(void);

/** terminal_changed() - make the descriptor of terminal_open() unreadable until the next change. */
void terminal_changed(void);

/**
 * terminal_take() - switch off echo and line editing and show the alternate screen, if that is not
 * done yet
 *
 * Only a process in the foreground may do that, and none that SIGINT or SIGTERM is about to end.
 *
 * Return: whether keys can be read.
 */
bool terminal_take(void);

/**
 * terminal_is_leaving() - has the terminal been restored for good?
 * Another frame, or the rest of one, would be painted over what was there before.
 */
bool terminal_is_leaving(void);

/**
 * terminal_read() - read the keys that were pressed; never waits
 * @keys: filled, without a NUL
 * @size: its size in bytes
 *
 * Return: bytes in @keys; 0 when there are none or reading failed.
 */
size_t terminal_read(char *keys, size_t size);

#endif
