/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What was seen and could not be recorded, counted in `drops`; the tool prints `dropped`. */
#ifndef DROPS_H
#define DROPS_H

enum drop {
	DROP_MAP_FULL, /* no room for a new key */
	DROP_BUFFER,   /* no room in the perf buffer */
	DROP_ENTERED,  /* calls seen at their entry... */
	DROP_RETURNED, /* ...and at their return: the difference is unmatched */
	DROP_UNREAD,   /* the text that would have decided could not be read */
	DROP_UNTIMED,  /* no room to note when it began: it is recorded, but without a time */
	DROP_LINEAGE,  /* no room in the perf buffer for what is sent only to know the ancestors */
	DROP_KINDS,
};

#endif
