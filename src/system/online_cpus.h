/* SPDX-License-Identifier: MIT */
/*
 * Which CPUs are online, as a file of sysfs tells. The file stays open, so that to look again takes
 * one system call and no path.
 */
#ifndef ONLINE_CPUS_H
#define ONLINE_CPUS_H

#include <stdbool.h>

#include "error.h"

/**
 * struct online_cpus
 * @file: open
 * @text: the file's, when it was last read: ranges such as "0-3,8"
 */
struct online_cpus {
	int file;
	char text[4096];
};

/**
 * online_cpus_open() - open the file and read it
 * @cpus: filled; release with online_cpus_close(), also after a failure
 *
 * Return: 0 or a negative errno.
 */
int online_cpus_open(struct online_cpus *cpus, struct error *err);

void online_cpus_close(struct online_cpus *cpus);

/** online_cpus_changed() - read the file again. Return: does it differ from @text before? */
bool online_cpus_changed(struct online_cpus *cpus);

/** online_cpus_forget() - let the next online_cpus_changed() say so in any case. */
void online_cpus_forget(struct online_cpus *cpus);

/**
 * online_cpus_next() - the CPUs of a text of ranges, one after the other
 * @at:  a position in the text; first its beginning
 * @cpu: the last one; first -1. Set to the next one
 *
 * Return: whether there was a next one. It ends at anything that is no range.
 */
bool online_cpus_next(const char **at, int *cpu);

#endif
