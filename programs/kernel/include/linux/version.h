/* SPDX-License-Identifier: GPL-2.0-only */
/* A version for BCC's conditionals; kernels do not check it since 5.0. */
#ifndef LINUX_VERSION_H
#define LINUX_VERSION_H
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE KERNEL_VERSION(5, 10, 0)
#endif
