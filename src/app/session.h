/* SPDX-License-Identifier: MIT */
/* The steps of a run that more than one file takes. */
#ifndef SESSION_H
#define SESSION_H

#include "tool.h"

/**
 * run_attach() - compile, load and attach by the first of the tool's ways that works
 * @run: options and kernel are there; a command is started and held
 * Return: 0, or negative errno: the failure of the way that came furthest. Nothing is left
 * attached.
 */
int run_attach(struct run *run, struct error *err);

/** run_detach() - undo it; fine when nothing is attached. */
void run_detach(struct run *run);

/** run_drop_privileges() - everything is attached: give up what the rest of the run does not need.
 */
int run_drop_privileges(const struct run *run, struct error *err);

/** run_hooks_text() - the hooks that see what is traced, without those of filters: "kprobe:a,
 * kprobe:b" into @buf. Return: @buf. */
const char *run_hooks_text(const struct run *run, char *buf, size_t size);

/** run_print_source() - --ebpf: the text the first possible way would compile, and its flags. */
int run_print_source(struct run *run, FILE *out, struct error *err);

/** run_drops() - what has been dropped so far, over the whole run. */
int run_drops(const struct run *run, struct drops *drops, struct error *err);

/* run_report.c: what fails in writing is told as -EPIPE and the like. */

/** run_failed() - an error for what a callback returned without one: out of memory, or a failed
 * write. Return: @r. */
int run_failed(int r, struct error *err);

/** run_write() - a whole text to standard output. Return: 0, or negative errno. */
int run_write(const char *text, size_t len, struct error *err);

/** run_open_report() - make the report the options ask for. */
int run_open_report(struct run *run, struct error *err);

/** run_announce() - the `Tracing` line and the start record: who waits for either misses nothing
 * that comes after it. */
int run_announce(struct run *run);

/** run_close_interval() - rows and total of the interval that ends now. @last: of the run */
int run_close_interval(struct run *run, bool last, struct error *err);

/** run_sum_up() - after the programs are detached: what is left, and the sums. */
int run_sum_up(struct run *run, struct error *err);

/** run_say_drops() - on standard error, when there were any. */
void run_say_drops(const struct run *run);

#endif
