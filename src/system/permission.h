/* SPDX-License-Identifier: MIT */
/*
 * What the kernel lets this process do. A refusal by the kernel is only an errno; the functions
 * here find the missing capability or the kernel setting behind it, so that a message can name it.
 */
#ifndef PERMISSION_H
#define PERMISSION_H

#include <stdbool.h>

#include "error.h"

/**
 * permission_is_confidential() - is the kernel locked down to "confidentiality"?
 *
 * Then BPF programs may not read kernel memory. False where securityfs is not mounted, as nothing
 * else tells.
 */
bool permission_is_confidential(void);

/**
 * permission_explain_refusal() - add a hint if a setting of the kernel explains the error
 * @err: an error of loading or attaching; its hint is set, or left alone
 *
 * Settings explain an error only for a process that has the capabilities of permission_to_load().
 */
void permission_explain_refusal(struct error *err);

/**
 * permission_to_load() - may this process load tracing programs?
 *
 * Return: 0, -EPERM with an error that names what is missing, or another negative errno.
 */
int permission_to_load(struct error *err);

#endif
