/* SPDX-License-Identifier: MIT */
/* Opens through io_uring: the hooks that see them, and what this kernel's tell. */
#ifndef OPENAT_URING_H
#define OPENAT_URING_H

#include <stdbool.h>

#include "plan.h"

/**
 * openat_plan_uring() - add the hooks and what programs/open_uring.bpf.h needs to know of the
 * kernel
 * @paths: paths matter
 * A kernel without io_uring gets none.
 */
int openat_plan_uring(const struct plan_input *in, struct plan *plan, bool paths,
		      struct error *err);

#endif
