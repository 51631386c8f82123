/* SPDX-License-Identifier: MIT */
/* The live view. See live_view.h. */
#include "live_view.h"

#include <signal.h>
#include <unistd.h>

#include "cleanup.h"
#include "live_report.h"
#include "report_file.h"
#include "terminal.h"

/* Begins what arrow and function keys send. */
#define ESCAPE '\033'

bool live_is_wanted(const struct options *options)
{
	/* What a command prints would be painted over. */
	return options->report.format == REPORT_TABLE && !options->report.layout.streaming &&
	       !options->no_clear && !options->command && options->interval_ns &&
	       report_file_is_stdout(options->report_path) && terminal_can_repaint(STDOUT_FILENO);
}

/* Descriptor and the line that names the keys go together. */
static bool ready_for_keys(struct live_view *view)
{
	bool held = terminal_take();

	view->sources[LIVE_KEYS].fd = held ? STDIN_FILENO : -1;
	report_show_keys(view->report, held);
	return held;
}

/* Keys of vi(1) and less(1), for those who do not have others. */
static bool scroll(struct live_view *view, char key)
{
	static const struct {
		char key;
		enum report_scroll how;
	} keys[] = { { 'k', SCROLL_UP }, { 'j', SCROLL_DOWN }, { 'b', PAGE_UP },
		     { 'f', PAGE_DOWN }, { 'g', SCROLL_TOP },  { 'G', SCROLL_BOTTOM } };

	for (size_t i = 0; i < array_size(keys); i++) {
		if (keys[i].key == key) {
			report_scroll(view->report, keys[i].how);
			return true;
		}
	}
	return false;
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
	case '>':
	case '<':
		report_sort_next(view->report, key == '<');
		return true;
	case 'h':
	case '?':
		report_show_help(view->report, !report_shows_help(view->report));
		return true;
	case 'r':
		report_reverse(view->report);
		return true;
	default:
		return scroll(view, key);
	}
}

/* What arrow and page keys send: ESC [ or ESC O, perhaps a number and ~. Return: its bytes. */
static size_t press_sequence(struct live_view *view, const char *keys, size_t count, bool *changed)
{
	/* The last byte of a sequence, or its number, and the key that does the same. */
	static const char sent[][2] = { { 'A', 'k' }, { 'B', 'j' }, { '5', 'b' }, { '6', 'f' },
					{ 'H', 'g' }, { 'F', 'G' }, { '1', 'g' }, { '4', 'G' },
					{ '7', 'g' }, { '8', 'G' } };
	size_t size = 2;

	if (count < 3 || (keys[1] != '[' && keys[1] != 'O'))
		return count;
	for (size_t i = 0; i < array_size(sent); i++)
		if (keys[2] == sent[i][0])
			*changed |= scroll(view, sent[i][1]);
	while (size < count && keys[size] < '@')
		size++;
	return size < count ? size + 1 : count;
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
	for (size_t i = 0; i < count;) {
		if (keys[i] == ESCAPE)
			i += press_sequence(view, keys + i, count - i, &changed);
		else
			changed |= press(view, keys[i++]);
	}
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
