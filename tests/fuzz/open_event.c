/* SPDX-License-Identifier: MIT */
/* A record of bcc-openat --stream, printed in all formats. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "event_line.h"
#include "fuzz.h"
#include "path_join.h"

struct record {
	uint8_t *bytes;
	size_t size;
};

static void print(struct report *report, void *context)
{
	const struct record *record = context;
	int r = open_event_report(report, record->bytes, record->size, 0);

	HOLDS(r == 0 || r == -EINVAL);
	if (r == 0)
		HOLDS(record->size >= sizeof(struct open_event));
}

/* A path is put together within its buffer, whole, and its directory is its beginning. */
static void check_path(const struct record *record)
{
	const struct open_event *e = (const struct open_event *)record->bytes;
	char out[OPEN_PATH_JOINED_MAX], small[8];
	bool truncated;
	int len;

	if (record->size < sizeof(*e))
		return;
	len = open_path_join(&e->text, (const char *)(e + 1), record->size - sizeof(*e), out,
			     sizeof(out), &truncated);
	HOLDS(len >= 0 || len == -EINVAL || len == -ENODATA);
	if (len < 0)
		return;
	HOLDS((size_t)len == strlen(out) && open_path_dir(out, (size_t)len) <= (size_t)len);
	HOLDS((open_path_join(&e->text, (const char *)(e + 1), record->size - sizeof(*e), small,
			      sizeof(small), &truncated) == -ENOSPC) ==
	      (len >= (int)sizeof(small)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct report_options options = {
		.layout.columns = open_event_columns,
		.layout.ncolumns = OPEN_EVENT_COLUMNS,
		.layout.active = UINT64_MAX,
		.layout.one_type = true,
		.layout.detail_head = OPEN_EVENT_DETAIL,
	};
	struct input input = { data, size };
	struct record record;

	record.bytes = input_bytes(&input, size, &record.size);
	fuzz_report(&options, print, &record);
	check_path(&record);
	free(record.bytes);
	return 0;
}
