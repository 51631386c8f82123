/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Values of the map `followed`, whose keys are the processes (thread group ids) being followed. */
#ifndef FOLLOW_H
#define FOLLOW_H

enum follow_state {
	FOLLOW_LIVE, /* its events count */
	FOLLOW_HELD, /* a command that has not executed its program yet: what it does is not the command's */
};

#endif
