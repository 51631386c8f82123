/* SPDX-License-Identifier: MIT */
/*
 * What several helper programs of the end-to-end tests need: end with a reason, read arguments,
 * make and reap a child, ask for the time.
 *
 * The tests count system calls to the last one. So each function makes only the calls named here,
 * and none of them opens a file by open(2) or openat(2).
 */
#ifndef COMMON_H
#define COMMON_H

#include <stddef.h>
#include <sys/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A path that does not exist: opening it fails with ENOENT. */
#define MISSING "/nonexistent-bcc-tools/none"

/* Exit statuses of every helper program. */
enum {
	EXIT_NO_GO = 98, /* standard input ended while the program waited for a line */
	EXIT_DIED = 99,  /* wrong arguments, or a call failed that had to succeed */
};

/** die() - print "PROGRAM: WHAT: the meaning of errno" and end the process with EXIT_DIED */
void die(const char *what) __attribute__((noreturn));

/** die_for() - set errno, then die() */
void die_for(int error, const char *what) __attribute__((noreturn));

/** number() - an argument as a number (decimal, 0x or 0); dies if it is none */
long number(const char *text);

/** unescape() - copy @from to @to with each \xNN replaced by that byte; cuts at @size - 1 bytes */
void unescape(const char *from, char *to, size_t size);

/** open_uncounted() - open by openat2(2), which no test counts; dies if that fails */
int open_uncounted(const char *path, unsigned long long flags);

/** wait_for_line() - read standard input once; ends the process with EXIT_NO_GO at its end */
void wait_for_line(void);

/** raw_fork() - clone(2) and nothing else: no at-fork handlers, no set_robust_list(2) */
pid_t raw_fork(void);

/** reap() - wait for a child; dies if @pid is -1 (a fork that failed). Return: its wait status */
int reap(pid_t pid);

/** now_ns() - CLOCK_MONOTONIC */
long now_ns(void);

#endif
