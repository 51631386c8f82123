/* SPDX-License-Identifier: MIT */
/* What the kernel lets this process do, and which of its settings stands behind a refusal. */
#ifndef PERMISSION_H
#define PERMISSION_H

#include <stdbool.h>

#include "error.h"

/** kernel_is_confidential() - is it locked down so far that its memory may not be read? (Not known
 * without securityfs.) */
bool kernel_is_confidential(void);

/**
 * kernel_explain_refusal() - when a setting of the kernel is behind a refusal, or may be: say so in
 * the error's hint What a process with the privilege that kernel_can_load() asks for is refused all
 * the same.
 */
void kernel_explain_refusal(struct error *err);

/** kernel_can_load() - may this process load tracing programs? Return: 0, or -EPERM with what is
 * missing. */
int kernel_can_load(struct error *err);

#endif
