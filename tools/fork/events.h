/* SPDX-License-Identifier: MIT */
/* The events of bcc-fork: a line each, or summed up, and what stands at the end of a run. */
#ifndef FORK_EVENTS_H
#define FORK_EVENTS_H

#include "collector.h"
#include "fork_options.h"

/** fork_events_new() - the collector. Return: NULL when there is no memory. */
struct collector *fork_events_new(const struct fork_options *options);

#endif
