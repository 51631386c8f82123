/* SPDX-License-Identifier: MIT */
/* The opener: runs the views that are asked for, one at a time. See subview.h. */
#define _GNU_SOURCE
#include "subview_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "descriptors.h"
#include "host_id.h"
#include "pidfd.h"
#include "session.h"
#include "subview.h"

enum {
	PATIENCE_MS = 800, /* for a view that is told to end */
};

/*
 * @argc, @argv: of the run
 * @depth:       of the views that this opener runs
 * @signals:     blocked in a view: what was blocked before
 * @file:        being written, or -1; @name: of it
 */
struct opener {
	const struct tool *tool;
	int argc;
	char *const *argv;
	unsigned depth;
	int channel;
	sigset_t signals;
	int file;
	char name[64];
};

static bool answer(const struct opener *o, const struct subview_answer *answer)
{
	return write(o->channel, answer, sizeof(*answer)) == sizeof(*answer);
}

/* ---- views ---- */

/* What the view has printed on standard error: the first line, without the tool's name. */
static void read_message(int fd, char *message)
{
	char text[SUBVIEW_MESSAGE_MAX];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *line;

	if (n <= 0)
		return;
	text[n] = '\0';
	*strchrnul(text, '\n') = '\0';
	line = strstr(text, ": ");
	snprintf(message, SUBVIEW_MESSAGE_MAX, "%s", line ? line + 2 : text);
}

static _Noreturn void run_view(const struct opener *o, const struct subview_request *request,
			       const struct words *words, int errors)
{
	const struct guest guest = { request, o->depth };

	dup2(errors, STDERR_FILENO);
	descriptors_close(STDERR_FILENO + 1, ~0U);
	sigprocmask(SIG_SETMASK, &o->signals, NULL);
	_exit(tool_run(o->tool, words->count, words->list, &guest));
}

/* Until the view ends, or the run does. Return: the view's status; -EPIPE: the run has ended. */
static int wait_for_view(const struct opener *o, pid_t view)
{
	cleanup_close int ended = pidfd_of_child((uint32_t)view);
	struct pollfd fds[] = { { .fd = ended, .events = POLLIN },
				{ .fd = o->channel, .events = POLLIN | POLLRDHUP } };
	int status = 0;

	while (poll(fds, array_size(fds), -1) < 0 && errno == EINTR)
		;
	if (!fds[0].revents) {
		kill(view, SIGTERM);
		if (poll(fds, 1, PATIENCE_MS) <= 0)
			kill(view, SIGKILL);
	}
	while (waitpid(view, &status, 0) < 0 && errno == EINTR)
		;
	if (!fds[0].revents)
		return -EPIPE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool open_view(struct opener *o, const struct subview_request *request)
{
	struct subview_answer result = { .kind = SUBVIEW_OPEN };
	cleanup_close int errors = memfd_create("view", MFD_CLOEXEC);
	struct words words = { 0 };
	int r = errors < 0 ? -errno : subview_argv(o->tool, o->argc, o->argv, request, &words);
	pid_t view = r < 0 ? -1 : fork();

	if (view == 0)
		run_view(o, request, &words, errors);
	words_free(&words);
	if (view < 0) {
		snprintf(result.message, sizeof(result.message), "cannot open this: %s",
			 error_words(r < 0 ? r : errno));
		return answer(o, &result);
	}
	r = wait_for_view(o, view);
	if (r == -EPIPE)
		return false;
	result.again = r == GUEST_AGAIN;
	if (!result.again)
		read_message(errors, result.message);
	return answer(o, &result);
}

/* ---- files ---- */

/* In the directory that the tool was started in. A file that is there stays as it is. */
static int begin_file(struct opener *o)
{
	time_t now = time(NULL);
	struct tm tm;
	size_t len;

	len = (size_t)snprintf(o->name, sizeof(o->name), "%s", o->tool->name);
	strftime(o->name + len, sizeof(o->name) - len, "-%Y%m%d-%H%M%S.txt",
		 localtime_r(&now, &tm));
	o->file = open(o->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	return o->file < 0 ? -errno : 0;
}

static int write_all(int fd, const char *bytes, size_t size)
{
	ssize_t n = write(fd, bytes, size);

	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -ENOSPC;
}

static bool write_chunk(struct opener *o, const struct subview_chunk *chunk)
{
	struct subview_answer result = { .kind = SUBVIEW_WRITE };
	int r = 0;

	if (chunk->size > sizeof(chunk->bytes))
		return false;
	if (!*o->name)
		r = begin_file(o);
	if (o->file >= 0)
		r = write_all(o->file, chunk->bytes, chunk->size);
	if (r < 0 && o->file >= 0)
		close(steal_fd(&o->file));
	if (r < 0)
		snprintf(result.message, sizeof(result.message), "cannot write %s: %s", o->name,
			 error_words(r));
	else if (chunk->last && o->file >= 0)
		snprintf(result.message, sizeof(result.message), "written to %s", o->name);
	if (chunk->last) {
		if (o->file >= 0)
			close(steal_fd(&o->file));
		o->name[0] = '\0';
	}
	return !*result.message || answer(o, &result);
}

/* ---- requests ---- */

static bool serve(struct opener *o)
{
	static union {
		uint32_t kind;
		struct subview_request view;
		struct subview_chunk chunk;
	} asked;
	ssize_t n = read(o->channel, &asked, sizeof(asked));

	if (n == sizeof(asked.view) && asked.kind == SUBVIEW_OPEN)
		return open_view(o, &asked.view);
	if (n == sizeof(asked.chunk) && asked.kind == SUBVIEW_WRITE)
		return write_chunk(o, &asked.chunk);
	return false;
}

/*
 * Ctrl-C and Ctrl-Z are for the run and its view. SIGKILL when the run ends without closing the
 * channel is not asked for: the end of the channel says so in every case.
 */
_Noreturn void subview_child_run(const struct tool *tool, int argc, char *const *argv,
				 unsigned depth, int channel, pid_t parent)
{
	struct opener o = { .tool = tool,
			    .argc = argc,
			    .argv = argv,
			    .depth = depth + 1,
			    .channel = channel,
			    .file = -1 };
	uint32_t id = 0;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &o.signals);
	prctl(PR_SET_DUMPABLE, 0);
	if (host_id(&id) < 0)
		id = 0;
	if (getppid() == parent && write(channel, &id, sizeof(id)) == sizeof(id))
		while (serve(&o))
			;
	_exit(0);
}
