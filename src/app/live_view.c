/* SPDX-License-Identifier: MIT */
/* The live view: its terminal, and the keys as a terminal sends them. See live_view.h. */
#include "live_view.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "live_report.h"
#include "report_file.h"
#include "session.h"
#include "terminal.h"

/* Begins what arrow and function keys send. */
#define ESCAPE '\033'

bool live_is_wanted(const struct options *options)
{
	const struct report_layout *layout = &options->report.layout;

	/* What a command prints would be painted over. */
	return options->report.format == REPORT_TABLE &&
	       (!layout->streaming || layout->live_text) && !options->no_clear &&
	       !options->command && options->interval_ns &&
	       report_file_is_stdout(options->report_path) && terminal_can_repaint(STDOUT_FILENO);
}

/* Descriptor and the line that names the keys go together. */
static bool ready_for_keys(struct live_view *view)
{
	bool held = terminal_take();

	view->sources[LIVE_KEYS].fd = held && !view->is_open ? STDIN_FILENO : -1;
	report_show_keys(view->session->report, held);
	return held && !view->is_open;
}

/* What a mouse sends: ESC [ < button ; column ; line and an M. */
static bool click(struct live_view *view, const char *sequence)
{
	enum { LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, WHEEL_ROWS = 3 };
	struct report *report = view->session->report;
	unsigned button, column, line;
	char end;

	if (sscanf(sequence, "\033[<%u;%u;%u%c", &button, &column, &line, &end) != 4 ||
	    end != 'M' || !column || !line)
		return false;
	if (button == LEFT && report_click(report, line - 1, column - 1))
		return live_open_row(view);
	for (int i = 0; i < WHEEL_ROWS && button != LEFT; i++) {
		if (button == WHEEL_UP)
			report_scroll(report, SCROLL_UP);
		else if (button == WHEEL_DOWN)
			report_scroll(report, SCROLL_DOWN);
	}
	return true;
}

/* The last byte of what arrow and page keys send, or its number, and the key that does the same. */
static bool press_sequence(struct live_view *view, const char *sequence)
{
	static const char sent[][2] = { { 'A', 'k' }, { 'B', 'j' }, { '5', 'b' }, { '6', 'f' },
					{ 'H', 'g' }, { 'F', 'G' }, { '1', 'g' }, { '4', 'G' },
					{ '7', 'g' }, { '8', 'G' }, { 'C', '.' }, { 'D', ',' } };

	if (sequence[2] == '<')
		return click(view, sequence);
	for (size_t i = 0; i < array_size(sent); i++)
		if (sequence[2] == sent[i][0])
			return live_press(view, sent[i][1]);
	return false;
}

/*
 * ESC [ or ESC O, perhaps numbers, and a letter or ~. An ESC with nothing behind it is the key Esc.
 * Return: the bytes of the sequence; 0: its end is missing.
 */
static size_t sequence_length(const char *keys, size_t count)
{
	size_t size = 2;

	if (count < 2 || (keys[1] != '[' && keys[1] != 'O'))
		return 1;
	while (size < count && keys[size] < '@')
		size++;
	return size < count ? size + 1 : 0;
}

static bool press_all(struct live_view *view, size_t count)
{
	bool changed = false;
	size_t at = 0, size;

	/* A key may open a view, which has the keys from then on. */
	for (; at < count && !view->is_open; at += size) {
		size = view->keys[at] == ESCAPE ? sequence_length(view->keys + at, count - at) : 1;
		if (!size)
			break;
		changed |= size == 1 ? live_press(view, view->keys[at])
				     : press_sequence(view, view->keys + at);
	}
	view->nkeys = view->is_open || count - at > LIVE_KEYS_MAX / 2 ? 0 : count - at;
	memmove(view->keys, view->keys + at, view->nkeys);
	return changed;
}

static int on_keys(void *context)
{
	struct live_view *view = context;
	size_t count;

	if (!ready_for_keys(view))
		return 0;
	count = view->nkeys +
		terminal_read(view->keys + view->nkeys, sizeof(view->keys) - 1 - view->nkeys);
	view->keys[count] = '\0';
	return press_all(view, count) ? report_repaint(view->session->report) : 0;
}

static int on_change(void *context)
{
	struct live_view *view = context;

	terminal_changed();
	ready_for_keys(view);
	return report_repaint(view->session->report);
}

int live_begin(struct live_view *view, struct session *session, uint64_t *interval_ns,
	       struct error *err)
{
	int fd = terminal_open(session->guest != NULL, err);

	if (fd < 0)
		return fd;
	view->session = session;
	view->interval_ns = interval_ns;
	view->toggle = -1;
	view->sources[LIVE_KEYS] = (struct loop_source){ -1, on_keys, view };
	view->sources[LIVE_CHANGE] = (struct loop_source){ fd, on_change, view };
	view->sources[LIVE_ANSWER] =
		(struct loop_source){ session->subviews.opener.channel, live_on_answer, view };
	ready_for_keys(view);
	/* The loop paints first, unless a signal has come meanwhile. */
	terminal_repaint_soon();
	return 0;
}

void live_tick(struct live_view *view)
{
	if (view->session)
		ready_for_keys(view);
}

/* A view that is open goes first: it would paint over what is printed then. */
void live_end(struct live_view *view)
{
	if (!view->session)
		return;
	subview_stop(&view->session->subviews);
	terminal_close();
	report_leave_screen(view->session->report);
	report_hide(view->session->report, view->session->guest != NULL);
	*view = (struct live_view)LIVE_VIEW_INIT;
}
