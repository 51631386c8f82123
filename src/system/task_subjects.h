/* SPDX-License-Identifier: MIT */
/*
 * Processes and threads that are made to be looked at: their names are random, everybody's parent
 * and process is known, and each does one thing at a time when it is told to.
 */
#ifndef TASK_SUBJECTS_H
#define TASK_SUBJECTS_H

#include <stdint.h>
#include <sys/types.h>

/** enum subject - who there is; a parent comes before its children, a process before its threads */
enum subject {
	SUBJECT_FIRST,         /* its parent is this process */
	SUBJECT_CHILD,         /* of the first */
	SUBJECT_CHILD_THREAD,  /* of that process */
	SUBJECT_CHILD_THREAD2, /* another one */
	SUBJECT_GRANDCHILD,    /* of the child */
	SUBJECT_GRAND_THREAD,  /* of that process */
	SUBJECT_ENDS,          /* children of the first, which are told to end */
	SUBJECT_ENDS2,
	SUBJECT_ENDS3,
	SUBJECT_ENDS4,
	SUBJECTS,
};

/** enum subject_deed - what one can be told to do */
enum subject_deed {
	SUBJECT_CALLS,        /* getppid(2) */
	SUBJECT_CALLS_COMPAT, /* the same as a 32-bit call; only where the kernel has these */
	SUBJECT_SETS_USERS,   /* setresuid(2): three different users */
	SUBJECT_EXITS,        /* exit_group(2), or exit(2) if it is a thread; it does not answer */
};

/* The users of SUBJECT_SETS_USERS: real, effective, saved. No system gives out such ids. */
enum {
	SUBJECT_RUID = 0x5aa51231,
	SUBJECT_EUID = 0x5ab62342,
	SUBJECT_SUID = 0x5ac73453,
};

/**
 * struct subject_times - clocks of the kernel before and after a subject was made, in ns
 */
struct subject_times {
	uint64_t monotonic_before, monotonic_after, boottime_before, boottime_after;
};

struct task_subjects;

/**
 * task_subjects_start() - make all of them
 * @subjectsp: filled; release with task_subjects_stop()
 *
 * Return: 0 or negative errno.
 */
int task_subjects_start(struct task_subjects **subjectsp);

/** task_subjects_stop() - end them, wait for them, and release; NULL is fine. */
void task_subjects_stop(struct task_subjects *subjects);

/** task_subjects_name() - a subject's name, TASK_SAMPLE_NAME bytes filled up with NUL. */
const char *task_subjects_name(const struct task_subjects *subjects, enum subject who);

/** task_subjects_times() - when it was made. */
const struct subject_times *task_subjects_times(const struct task_subjects *subjects,
						enum subject who);

/** task_subjects_id() - its thread id in this PID namespace. */
pid_t task_subjects_id(const struct task_subjects *subjects, enum subject who);

/** task_subjects_parent() - the subject that is its parent, or SUBJECTS: it is none of them. */
enum subject task_subjects_parent(enum subject who);

/** task_subjects_leader() - the first thread of its process. */
enum subject task_subjects_leader(enum subject who);

/**
 * task_subjects_tell() - have one do something, and wait until it has
 * @value: exit code of SUBJECT_EXITS
 *
 * Return: 0; -ETIMEDOUT or another negative errno when it does not answer.
 */
int task_subjects_tell(const struct task_subjects *subjects, enum subject who,
		       enum subject_deed deed, int value);

#endif
