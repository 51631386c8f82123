/* SPDX-License-Identifier: MIT */
/*
 * Kernels of many versions, for tests that make plans. The functions through which a plan asks the
 * running kernel are replaced when such a test is linked (--wrap), and answer for the kernel that
 * was chosen last. So a plan comes out the same on every machine.
 */
#ifndef MADE_UP_KERNEL_H
#define MADE_UP_KERNEL_H

#include <stdbool.h>

#include "kernel.h"

/**
 * struct made_up_kernel - what plans can find different
 * @name:           for messages
 * @version:        KERNEL_VERSION_OF(); helpers, io_uring's tracepoints and others follow from it
 * @has_compat:     it runs 32-bit programs
 * @lacks_btf:      it does not describe its types
 * @finds_members:  members of its structures are found all the same
 * @lacks_tracefs:  tracefs cannot be opened
 * @lacks_uring:    it has no io_uring
 * @is_namespaced:  the tool runs in a PID namespace of its own
 */
struct made_up_kernel {
	const char *name;
	unsigned version;
	bool has_compat;
	bool lacks_btf;
	bool finds_members;
	bool lacks_tracefs;
	bool lacks_uring;
	bool is_namespaced;
};

enum {
	MADE_UP_KERNELS = 16,
};

extern const struct made_up_kernel made_up_kernels[MADE_UP_KERNELS];

/** made_up_kernel_use() - answer for this kernel from now on; @kernel: filled for plans */
void made_up_kernel_use(const struct made_up_kernel *made_up, struct kernel *kernel);

#endif
