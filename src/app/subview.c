/* SPDX-License-Identifier: MIT */
/* The way to the opener, from the process that paints. See subview.h. */
#define _GNU_SOURCE
#include "subview.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "session.h"
#include "subview_child.h"

void subview_start(struct subviews *views, const struct session *s, int argc, char *const *argv)
{
	unsigned depth = s->guest ? s->guest->depth : 0;
	cleanup_close int own = -1, childs = -1;
	pid_t parent = getpid(), child;
	int ends[2];

	if (depth >= SUBVIEW_DEPTH_MAX ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return;
	own = ends[0];
	childs = ends[1];
	child = fork();
	if (child == 0) {
		close(own);
		subview_child_run(s->tool, argc, argv, depth, childs, parent);
	}
	if (child < 0)
		return;
	views->opener = child;
	views->channel = steal_fd(&own);
	if (read(views->channel, &views->host_id, sizeof(views->host_id)) != sizeof(views->host_id))
		views->host_id = 0;
}

/* The end of the channel ends the view and the opener, within a second. */
void subview_stop(struct subviews *views)
{
	if (!views->opener)
		return;
	close(steal_fd(&views->channel));
	while (waitpid(views->opener, NULL, 0) < 0 && errno == EINTR)
		;
	views->opener = 0;
}

static int ask(const struct subviews *views, const void *request, size_t size)
{
	ssize_t n;

	do
		n = write(views->channel, request, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : -EPIPE;
}

int subview_request(const struct subviews *views, const struct subview_request *request)
{
	return ask(views, request, sizeof(*request));
}

int subview_write(const struct subviews *views, const char *bytes, size_t size)
{
	struct subview_chunk chunk = { .kind = SUBVIEW_WRITE };
	int r = 0;

	do {
		chunk.size = size < sizeof(chunk.bytes) ? (uint32_t)size : sizeof(chunk.bytes);
		chunk.last = chunk.size == size;
		memcpy(chunk.bytes, bytes, chunk.size);
		bytes += chunk.size;
		size -= chunk.size;
		r = ask(views, &chunk, sizeof(chunk));
	} while (r == 0 && size);
	return r;
}

int subview_answer(const struct subviews *views, struct subview_answer *answer)
{
	ssize_t n;

	do
		n = read(views->channel, answer, sizeof(*answer));
	while (n < 0 && errno == EINTR);
	answer->message[sizeof(answer->message) - 1] = '\0';
	return n == sizeof(*answer) ? 0 : -EPIPE;
}
