/* SPDX-License-Identifier: GPL-2.0-only */
/* The options BCC's helpers.h asks for. */
#ifndef KCONFIG_H
#define KCONFIG_H
#define CONFIG_BPF_SYSCALL 1
#endif
