/* SPDX-License-Identifier: MIT */
/* Weight and colour on a terminal, by control sequences of ECMA-48. */
#ifndef SCREEN_STYLE_H
#define SCREEN_STYLE_H

#include "buffer.h"
#include "internal.h"

enum style {
	STYLE_DIM,
	STYLE_BOLD,
	STYLE_MARK, /* the column that rows are sorted by */
	STYLE_CURSOR,
	STYLE_ALARM, /* red, where colours are wanted; bold elsewhere */
};

static inline void style_begin(const struct report *report, struct buffer *b, enum style style)
{
	static const char *const sequences[] = {
		[STYLE_DIM] = "\033[2m",      [STYLE_BOLD] = "\033[1m",
		[STYLE_MARK] = "\033[1;7m",   [STYLE_CURSOR] = "\033[7m",
		[STYLE_ALARM] = "\033[1;31m",
	};

	if (style == STYLE_ALARM && !report->opts.colour)
		style = STYLE_BOLD;
	buffer_string(b, sequences[style]);
}

/* The end of a line that does not fill the width; there, the cursor would be on its last character,
 * which clearing erases. */
#define STYLE_LINE_END "\033[K\n"

/** style_utf8() - does the terminal show UTF-8? What the environment says of the locale is all
 * that is known. */
bool style_utf8(void);

/** style_blocks - a blank, and bars from the lowest to one as high as a line */
#define STYLE_BLOCKS 9
extern const char *const style_blocks[STYLE_BLOCKS];

static inline void style_end(struct buffer *b)
{
	buffer_string(b, "\033[m");
}

#endif
