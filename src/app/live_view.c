/* SPDX-License-Identifier: MIT */
/* The live view. See live_view.h. */
#include "live_view.h"

#include <signal.h>
#include <unistd.h>

#include "terminal.h"

/* Begins what arrow and function keys send. */
#define ESCAPE '\033'

bool live_is_wanted(const struct options *options)
{
	/* What a command prints would be painted over. */
	return options->report.format == REPORT_TABLE && !options->report.layout.streaming &&
	       !options->no_clear && !options->command && options->interval_ns &&
	       terminal_can_repaint(STDOUT_FILENO);
}

/* Descriptor and the line that names the keys go together. */
static bool ready_for_keys(struct live_view *view)
{
	bool held = terminal_take();

	view->sources[LIVE_KEYS].fd = held ? STDIN_FILENO : -1;
	report_show_keys(view->report, held);
	return held;
}

/* Return: whether the frame looks different now. */
static bool press(struct live_view *view, char key)
{
	switch (key) {
	case 'q':
		/* What Ctrl-C does, a second time included. */
		raise(SIGINT);
		return false;
	case ' ':
		report_pause(view->report, !report_is_paused(view->report));
		return true;
	case 's':
		report_sort_next(view->report);
		return true;
	case 'r':
		report_reverse(view->report);
		return true;
	default:
		return false;
	}
}

static int on_keys(void *context)
{
	struct live_view *view = context;
	bool changed = false;
	char keys[64];
	size_t count;

	if (!ready_for_keys(view))
		return 0;
	count = terminal_read(keys, sizeof(keys));
	for (size_t i = 0; i < count && keys[i] != ESCAPE; i++)
		changed |= press(view, keys[i]);
	return changed ? report_repaint(view->report) : 0;
}

static int on_change(void *context)
{
	struct live_view *view = context;

	terminal_changed();
	ready_for_keys(view);
	return report_repaint(view->report);
}

int live_begin(struct live_view *view, struct report *report, struct error *err)
{
	int fd = terminal_open(err);

	if (fd < 0)
		return fd;
	view->report = report;
	view->sources[LIVE_KEYS] = (struct loop_source){ -1, on_keys, view };
	view->sources[LIVE_CHANGE] = (struct loop_source){ fd, on_change, view };
	ready_for_keys(view);
	return 0;
}

void live_tick(struct live_view *view)
{
	if (view->report)
		ready_for_keys(view);
}

void live_end(struct live_view *view)
{
	if (!view->report)
		return;
	terminal_close();
	report_leave_screen(view->report);
	*view = (struct live_view)LIVE_VIEW_INIT;
}
