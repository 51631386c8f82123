/* SPDX-License-Identifier: MIT */
/* What the formats of a picture have in common. See picture.h. */
#include "picture.h"

#include <errno.h>

#include "names.h"

enum { WORDS_MAX = 32 };

int picture_write(const struct picture *picture, FILE *out)
{
	int r;

	switch (picture->format) {
	case REPORT_TRACE:
		return picture_trace(picture, out);
	case REPORT_SVG:
		return picture_svg(picture, out);
	default:
		r = picture_folded(picture, out);
		return r < 0 || picture_is_whole(picture) ? r : -ENODATA;
	}
}

bool picture_is_whole(const struct picture *picture)
{
	return !drops_total(picture->drops) && !picture->drops->lineage && !picture->tree->unlisted;
}

uint64_t picture_end_ns(const struct process *p)
{
	uint64_t end_ns = p->began_ns;

	if (p->ended_ns > p->began_ns)
		return p->ended_ns;
	for (const struct program *program = p->programs; program; program = program->next)
		end_ns = program->time_ns > end_ns ? program->time_ns : end_ns;
	return end_ns;
}

const char *picture_how_ended(const struct process *p, char *text)
{
	char name[FORK_SIGNAL_NAME_MAX];

	text[0] = '\0';
	if (p->lost)
		snprintf(text, WORDS_MAX, "end not seen");
	else if (!p->ended)
		snprintf(text, WORDS_MAX, "still running");
	else if (p->status & 0x7f)
		snprintf(text, WORDS_MAX, "%s", fork_signal_name((int)(p->status & 0x7f), name));
	else if (p->status >> 8)
		snprintf(text, WORDS_MAX, "code %u", p->status >> 8 & 0xff);
	return text;
}
