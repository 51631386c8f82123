/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * What happened and was not recorded, counted where it happened. Each program has a per-CPU array
 * `drops` indexed by these; the tool adds it up and prints it as `dropped`.
 */
#ifndef DROPS_H
#define DROPS_H

enum drop {
	DROP_MAP_FULL, /* no room for a new key */
	DROP_BUFFER,   /* no room in the perf buffer */
	DROP_ENTERED,  /* calls seen at their entry... */
	DROP_RETURNED, /* ...and at their return: the difference is unmatched */
	DROP_UNREAD,   /* the text that would have decided could not be read */
	DROP_UNTIMED,  /* no room to note when it began: it is recorded, but without a time */
	DROP_LINEAGE,  /* no room in the perf buffer for what was not asked for, but tells who is whose child */
	DROP_KINDS,
};

#endif
