/* SPDX-License-Identifier: MIT */
/* The steps of workload; workload.c says what each does and which arguments it takes. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "steps.h"

/* The path by which this program was started: steps that execute a program execute this one. */
extern const char *workload_path;

/* System calls: workload_calls.c */
void do_openat(struct line *line, int argc, char **argv);
void do_syscall(struct line *line, int argc, char **argv);
void do_wait(struct line *line, int argc, char **argv);
void do_block(struct line *line, int argc, char **argv);
void do_handle(struct line *line, int argc, char **argv);
void do_compat(struct line *line, int argc, char **argv);

/* Processes, threads and names: workload_processes.c */
void do_fork(struct line *line, int argc, char **argv);
void do_threads(struct line *line, int argc, char **argv);
void do_exec(struct line *line, int argc, char **argv);
void do_exit(struct line *line, int argc, char **argv);
void do_signal(struct line *line, int argc, char **argv);
void do_euid(struct line *line, int argc, char **argv);
void do_comm(struct line *line, int argc, char **argv);
void do_exec_argv(struct line *line, int argc, char **argv);
void do_rename(struct line *line, int argc, char **argv);
void do_spawn(struct line *line, int argc, char **argv);
void do_abandon(struct line *line, int argc, char **argv);
void do_exec_thread(struct line *line, int argc, char **argv);

#endif
