/* SPDX-License-Identifier: MIT */
/* The places where bcc-openat sees opens. */
#ifndef OPENAT_PROBE_SETS_H
#define OPENAT_PROBE_SETS_H

#include "tool.h"

/** openat_plan_...() - see struct way; in the order in which they are tried. */
int openat_plan_fexit(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_kprobe(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_tracepoint_if_complete(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_sys_exit_if_exact(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_raw_syscalls(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_sys_exit(const struct run *run, struct plan *plan, struct error *err);
int openat_plan_tracepoint(const struct run *run, struct plan *plan, struct error *err);

#endif
