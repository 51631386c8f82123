/* SPDX-License-Identifier: MIT */
/* What the formats of a picture have in common. See picture.h. */
#include "picture.h"

#include <errno.h>

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
