/* SPDX-License-Identifier: MIT */
/* The way to the opener, from the process that paints. See subview.h. */
#define _GNU_SOURCE
#include "subview.h"

#include <string.h>
#include <unistd.h>

#include "session.h"
#include "subview_child.h"

void subview_start(struct subviews *views, const struct session *s, int argc, char *const *argv)
{
	unsigned depth = s->guest ? s->guest->depth : 0;
	pid_t parent = getpid();
	int channel, r;

	if (depth >= SUBVIEW_DEPTH_MAX)
		return;
	r = helper_fork(&views->opener, &channel);
	if (r == 0)
		subview_child_run(s->tool, argc, argv, depth, channel, parent);
	if (r > 0 && helper_receive(&views->opener, &views->host_id, sizeof(views->host_id)) < 0)
		views->host_id = 0;
}

/* The end of the channel ends the view and the opener, within a second. */
void subview_stop(struct subviews *views)
{
	helper_stop(&views->opener);
}

int subview_request(const struct subviews *views, const struct subview_request *request)
{
	return helper_send(&views->opener, request, sizeof(*request));
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
		r = helper_send(&views->opener, &chunk, sizeof(chunk));
	} while (r == 0 && size);
	return r;
}

int subview_answer(const struct subviews *views, struct subview_answer *answer)
{
	int r = helper_receive(&views->opener, answer, sizeof(*answer));

	answer->message[sizeof(answer->message) - 1] = '\0';
	return r;
}
