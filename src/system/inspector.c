/* SPDX-License-Identifier: MIT */
/* Helper processes: the side that asks. See inspector.h. */
#define _GNU_SOURCE
#include "inspector.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "btf.h"
#include "cleanup.h"
#include "helper_process.h"
#include "inspector_child.h"
#include "kernel.h"
#include "privileges.h"

enum {
	PATIENCE_S = 10, /* for one answer */
};

enum desk { DESK_INSPECTOR, DESK_RESOLVER, DESK_OPENER, DESKS };

/*
 * Static, because dropping privileges is a step of the whole process: whoever reads /proc after it
 * would else have to be handed these.
 */
static struct {
	struct helper_process process;
	uint64_t capabilities;
	uint32_t host_id;
	bool ready;
} helpers[DESKS] = { { .process = HELPER_PROCESS_INIT },
		     { .process = HELPER_PROCESS_INIT },
		     { .process = HELPER_PROCESS_INIT } };

static enum desk desk_of(enum inspector_question question)
{
	if (question == INSPECTOR_BUFFER)
		return DESK_OPENER;
	return question == INSPECTOR_USER ? DESK_RESOLVER : DESK_INSPECTOR;
}

bool inspector_runs(enum inspector_question question)
{
	return helpers[desk_of(question)].ready;
}

size_t inspector_host_ids(uint32_t *ids)
{
	size_t count = 0;

	for (size_t i = 0; i < DESKS && count < INSPECTOR_HELPERS; i++)
		if (helpers[i].process.pid > 0)
			ids[count++] = helpers[i].host_id;
	return count;
}

bool inspector_is_own(uint32_t pid)
{
	for (size_t i = 0; i < DESKS; i++)
		if (helpers[i].process.pid > 0 && pid == (uint32_t)helpers[i].process.pid)
			return true;
	return pid == (uint32_t)getpid();
}

/* Return: the helper's result, or -ECHILD when this is no answer. */
static int receive(enum desk desk, struct inspector_answer *answer, size_t size)
{
	int r = helper_receive(&helpers[desk].process, answer, size);

	return r == 0 ? answer->result : -ECHILD;
}

/* Only the kernel and the helper itself can tell it in a PID namespace. */
static int learn_host_id(enum desk desk, struct error *err)
{
	struct inspector_answer answer = { .value = (uint64_t)helpers[desk].process.pid };
	int r = kernel_pid_namespace() ? receive(desk, &answer, INSPECTOR_SHORT) : 0;

	helpers[desk].host_id = (uint32_t)answer.value;
	return r < 0 ? error_set(err, r, "starting a helper process: %s", error_words(r)) : 0;
}

static int start(enum desk desk, unsigned uses, struct btf_kernel *btf, struct error *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct helper_process *process = &helpers[desk].process;
	pid_t parent = getpid();
	int channel, r = helper_fork(process, &channel);

	if (r < 0)
		return error_set(err, r, "starting a helper process: %s", error_words(r));
	if (r == 0) {
		btf_kernel_forget(btf);
		/* What it inherits must not make it ask itself. */
		for (size_t i = 0; i < DESKS; i++)
			helpers[i].process.pid = 0;
		inspector_child_run(uses, channel, parent);
	}
	setsockopt(process->channel, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return learn_host_id(desk, err);
}

int inspector_start(unsigned uses, struct btf_kernel *btf, struct error *err)
{
	int r = 0;

	if (privileges_available(uses & PRIVILEGES_INSPECTED))
		r = start(DESK_INSPECTOR, uses & PRIVILEGES_INSPECTED, btf, err);
	if (r == 0 && (uses & PRIVILEGE_USERS))
		r = start(DESK_RESOLVER, PRIVILEGE_USERS, btf, err);
	if (r == 0 && privileges_available(uses & PRIVILEGE_BUFFERS))
		r = start(DESK_OPENER, PRIVILEGE_BUFFERS, btf, err);
	return r;
}

int inspector_wait(struct error *err)
{
	for (size_t i = 0; i < DESKS; i++) {
		struct inspector_answer answer = { .value = 0 };
		int r = helpers[i].process.pid > 0 ? receive(i, &answer, INSPECTOR_SHORT) : 0;

		if (r < 0)
			return error_set(err, r, "starting a helper process: %s", error_words(r));
		helpers[i].ready = helpers[i].process.pid > 0;
		helpers[i].capabilities = answer.value;
	}
	return 0;
}

uint64_t inspector_capabilities(void)
{
	uint64_t all = 0;

	for (size_t i = 0; i < DESKS; i++)
		all |= helpers[i].ready ? helpers[i].capabilities : 0;
	return all;
}

void inspector_forget(void)
{
	for (size_t i = 0; i < DESKS; i++) {
		helper_forget(&helpers[i].process);
		helpers[i].ready = false;
	}
}

void inspector_stop(void)
{
	for (size_t i = 0; i < DESKS; i++) {
		helper_stop(&helpers[i].process);
		helpers[i].ready = false;
	}
}

static int ask(const struct inspector_asked *asked, struct inspector_answer *answer, size_t size)
{
	enum desk desk = desk_of(asked->question);
	int r = helper_send(&helpers[desk].process, asked, sizeof(*asked));

	return r == 0 ? receive(desk, answer, size) : -ECHILD;
}

int inspector_ask(const struct inspector_asked *asked, uint64_t *value)
{
	struct inspector_answer answer;
	int r = ask(asked, &answer, INSPECTOR_SHORT);

	if (r >= 0)
		*value = answer.value;
	return r;
}

int inspector_ask_text(const struct inspector_asked *asked, char text[PATH_MAX])
{
	struct inspector_answer answer;
	int r = ask(asked, &answer, sizeof(answer));

	if (r < 0)
		return r;
	memcpy(text, answer.text, PATH_MAX);
	text[PATH_MAX - 1] = '\0';
	return 0;
}

int inspector_ask_descriptor(const struct inspector_asked *asked)
{
	const struct helper_process *process = &helpers[desk_of(asked->question)].process;
	struct inspector_answer answer = { .result = -ECHILD };
	cleanup_close int fd = -1;
	int r;

	if (!inspector_runs(asked->question))
		return -EPERM;
	r = helper_send(process, asked, sizeof(*asked));
	if (r == 0)
		r = helper_receive_descriptor(process, &answer, INSPECTOR_SHORT, &fd);
	if (r < 0 || answer.result < 0)
		return r < 0 ? -ECHILD : answer.result;
	return fd < 0 ? -ECHILD : steal_fd(&fd);
}
