/* SPDX-License-Identifier: MIT */
/*
 * Records of bcc-fork: 16 bits with the length of each, then the record. Each is printed in all
 * formats, and all of them drawn.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ancestry.h"
#include "command_tree.h"
#include "escape.h"
#include "event_line.h"
#include "fuzz.h"
#include "picture.h"
#include "summary.h"

struct models {
	struct process_tree *tree;
	struct fork_summary *summary;
	struct ancestry *processes;
};

static bool is_even(uint32_t pid)
{
	return pid % 2 == 0;
}

/* Handles a record as bcc-fork does. */
static void note(struct models *m, const struct fork_head *head, size_t size)
{
	char comm[FORK_COMM + 1] = "";

	memcpy(comm, head->comm, FORK_COMM);
	if (head->type == FORK_FORK)
		HOLDS(ancestry_born(m->processes, head->pid,
				    ((const struct fork_birth *)head)->by_pid, comm) == 0);
	if (head->type == FORK_EXEC)
		HOLDS(ancestry_named(m->processes, head->pid, head->ppid, comm) == 0);
	HOLDS(process_tree_note(m->tree, head, size) == 0);
	HOLDS(fork_summary_note(m->summary, head) == 0);
}

static void print_record(struct report *report, struct models *m, const struct fork_head *head,
			 size_t size)
{
	struct cell names[LINEAGE_MAX];
	struct fork_context context = { .lineage = names };
	enum fork_type type;

	if (fork_event_type(head, size, &type) < 0)
		return;
	note(m, head, size);
	context.host_pids = head->uid & 1;
	context.hide_usage = head->uid & 2;
	context.generations = ancestry_lineage(m->processes, head->pid, names);
	HOLDS(context.generations <= LINEAGE_MAX);
	context.indent = (unsigned)context.generations;
	HOLDS(fork_event_report(report, head, size, &context) == 0);
	if (type == FORK_EXIT && ((const struct fork_exit *)head)->last)
		ancestry_ended(m->processes, head->pid);
}

static void draw(struct process_tree *tree)
{
	static const enum report_format formats[] = { REPORT_TRACE, REPORT_SVG, REPORT_FOLDED };
	static const struct drops drops;

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		struct picture picture = { .tree = tree, .format = formats[i], .drops = &drops };
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		HOLDS(out && picture_write(&picture, out) == 0);
		fclose(out);
		HOLDS(escape_is_utf8(text, len));
		free(text);
	}
}

static void print(struct report *report, void *context)
{
	static const struct fork_period period = { .span_ns = 1000000000,
						   .failures = true,
						   .timestamp = true };
	struct input input = *(struct input *)context;
	struct models m;

	HOLDS(process_tree_new(&m.tree, 1) == 0 && fork_summary_new(&m.summary, false) == 0 &&
	      ancestry_new(&m.processes) == 0);
	while (input.left) {
		size_t size, len = input_number(&input, 2);
		uint8_t *record = input_bytes(&input, len, &size);

		print_record(report, &m, (const struct fork_head *)record, size);
		free(record);
	}
	process_tree_settle(m.tree, is_even, UINT64_MAX / 2);
	if (report_is_text(report)) {
		HOLDS(command_tree_report(m.tree, report, 0) == 0);
		draw(m.tree);
	}
	HOLDS(fork_summary_report(m.summary, report, &period) == 0);
	process_tree_free(m.tree);
	fork_summary_free(m.summary);
	ancestry_free(m.processes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct report_options options = { .layout.columns = fork_columns,
						       .layout.ncolumns = FORK_COLUMNS,
						       .layout.active = UINT64_MAX };
	struct input input = { data, size };

	fuzz_report(&options, print, &input);
	return 0;
}
