/* SPDX-License-Identifier: MIT */
/*
 * The account of churn: a file, mapped by all its processes and threads, in which each thread
 * writes down the calls it makes. The file outlives a process that is killed.
 *
 * A thread adds to `begun` before a call and to `done` after it. So of a thread that was killed, at
 * most one call is in doubt. load.py reads the file.
 */
#ifndef CHURN_ACCOUNT_H
#define CHURN_ACCOUNT_H

#include <stdint.h>

enum op { GETPPID, CLOSE_BAD, CLOSE, OPEN, OPEN_MISSING, OPS };
enum life { FORK, THREAD, EXEC, LIVES };

/* What one thread did under one name. @name: the thread's comm is "c" and this number. */
struct slot {
	uint32_t pid, tid, name, zero;
	uint64_t begun[OPS], done[OPS];
};

/* The file. @slots: how many have been taken; @lives: how many births of each kind */
struct account {
	uint64_t slots;
	uint64_t lives[LIVES];
	struct slot slot[];
};

/** account_map() - use the file of this descriptor, whose size says how many slots there are */
void account_map(int fd);

/** account_life() - one more birth, or one more program executed */
void account_life(enum life life);

/** slot_new() - take a slot for the calling thread and give the thread this name */
struct slot *slot_new(uint32_t name);

/** slot_burst() - make 1 to @most calls of one kind, both drawn from @state, and account for them
 */
void slot_burst(struct slot *slot, uint64_t *state, unsigned most);

/** draw() - the next random number of xorshift; @state must not be 0 */
uint64_t draw(uint64_t *state);

#endif
