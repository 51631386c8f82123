/* SPDX-License-Identifier: MIT */
/* The opener: the process that runs views of rows. See subview.h. */
#ifndef SUBVIEW_CHILD_H
#define SUBVIEW_CHILD_H

#include <sys/types.h>

struct tool;

/**
 * subview_child_run() - answer requests until the other end of the channel is closed
 * @argv:    of the run
 * @depth:   of the run; 0: it is no view itself
 * @channel: to the run
 * @parent:  process id of the run
 */
_Noreturn void subview_child_run(const struct tool *tool, int argc, char *const *argv,
				 unsigned depth, int channel, pid_t parent);

#endif
