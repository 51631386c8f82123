/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --stream: each call as it returns, a line each. */
#ifndef SYSCALLS_EVENTS_H
#define SYSCALLS_EVENTS_H

#include "collector.h"
#include "syscalls_options.h"

/** syscalls_events_new() - the collector of events. Return: NULL when there is no memory. */
struct collector *syscalls_events_new(const struct syscalls_options *options);

#endif
