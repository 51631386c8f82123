/* SPDX-License-Identifier: MIT */
/* bcc-openat --stream: each open as it returns, a line each. */
#ifndef OPENAT_EVENTS_H
#define OPENAT_EVENTS_H

#include "collector.h"
#include "openat_options.h"

/** openat_events_new() - the collector of events. Return: NULL when there is no memory. */
struct collector *openat_events_new(const struct openat_options *options);

#endif
