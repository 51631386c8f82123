/* SPDX-License-Identifier: MIT */
/*
 * Helper processes that keep what the tool gives up, and answer a few questions with it.
 *
 * The inspector keeps CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as far as the run needs them. It says
 * which system call a thread waits in, and what cgroups are called. The resolver keeps no
 * capability, but may use sockets: it looks up names of users, for which the modules of
 * nsswitch.conf may talk to a directory service. The opener of perf buffers keeps CAP_PERFMON and
 * CAP_IPC_LOCK, for CPUs that come online during the run. A question is a few numbers, no text and
 * no path. So who gets control of the process that parses and prints can ask these questions, and
 * nothing else.
 *
 * They are forked before the programs are loaded, and end with the tool. Their questions are
 * asked in task_info.c and id_names.c, which read directly where no helper runs, and in
 * bpf/perf_stream.c.
 */
#ifndef INSPECTOR_H
#define INSPECTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct btf_kernel;

enum inspector_question {
	INSPECTOR_CALL,        /* which call does a thread wait in? value: its slot */
	INSPECTOR_CGROUP,      /* which cgroup is a thread in? value: its id; 0: not known */
	INSPECTOR_IN_CGROUP,   /* is a thread in a cgroup or below it? value: 0 or 1 */
	INSPECTOR_CGROUP_PATH, /* the path of a cgroup */
	INSPECTOR_USER,        /* the name of a user; the resolver answers this */
	INSPECTOR_BUFFER,      /* a perf buffer on a CPU; the opener answers with a descriptor */
};

/**
 * struct inspector_asked - a question
 * @id:                      of the cgroup, the user or the CPU
 * @pages, @wakeup_events: of a perf buffer
 */
struct inspector_asked {
	uint32_t question;
	uint32_t pid;
	uint32_t tid;
	uint32_t pages;
	uint64_t id;
	uint32_t wakeup_events;
	uint32_t unused;
};

/**
 * inspector_start() - fork the helpers that a run needs
 * @uses: set of enum privilege_use; those that take no helper, or capabilities that this process
 *        does not have, start none
 * @btf:  the kernel's types, most of this process's memory: the helpers give it back
 * @err:  filled on failure
 *
 * Call it after procfs_keep() and before the programs are loaded, which have to know the helpers'
 * ids; and inspector_wait() after this process has dropped its privileges.
 *
 * Return: 0 or negative errno.
 */
int inspector_start(unsigned uses, struct btf_kernel *btf, struct error *err);

/**
 * inspector_wait() - wait until the helpers have given up what they do not need
 *
 * Return: 0, or negative errno when one of them could not.
 */
int inspector_wait(struct error *err);

/** inspector_capabilities() - what the helpers have kept, see capabilities.h. After
 * inspector_wait().
 */
uint64_t inspector_capabilities(void);

/** inspector_stop() - end the helpers and reap them; fine when there are none. */
void inspector_stop(void);

/** inspector_forget() - in a child that is none of the helpers: close what it could ask them by. */
void inspector_forget(void);

enum {
	INSPECTOR_HELPERS = 2, /* at once: streams take no resolver, and tables no opener */
};

/**
 * inspector_host_ids() - the helpers that were started, by their ids in the initial PID namespace
 * @ids: room for INSPECTOR_HELPERS
 *
 * Return: how many there are.
 */
size_t inspector_host_ids(uint32_t *ids);

/** inspector_runs() - is there a helper that answers this, after inspector_wait()? */
bool inspector_runs(enum inspector_question question);

/** inspector_is_own() - is this the id of the tool's own process, or of one of its helpers? */
bool inspector_is_own(uint32_t pid);

/**
 * inspector_ask() - ask a question that is answered with a number
 * @asked: the question
 * @value: filled when the result is not negative
 *
 * Return: as the function that asks; -ECHILD when the helper does not answer.
 */
int inspector_ask(const struct inspector_asked *asked, uint64_t *value);

/**
 * inspector_ask_text() - ask a question that is answered with a text
 * @text: filled when the result is 0, NUL-terminated
 *
 * Return: as inspector_ask(); -ENOENT when there is no such thing.
 */
int inspector_ask_text(const struct inspector_asked *asked, char text[PATH_MAX]);

/**
 * inspector_ask_descriptor() - ask a question that is answered with a descriptor
 *
 * Return: the descriptor, for the caller to close; or as inspector_ask().
 */
int inspector_ask_descriptor(const struct inspector_asked *asked);

#endif
