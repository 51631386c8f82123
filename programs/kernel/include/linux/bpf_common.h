/* SPDX-License-Identifier: GPL-2.0-only */
/* Instruction classes and fields that BCC's bpf.h builds on. */
#ifndef LINUX_BPF_COMMON_H
#define LINUX_BPF_COMMON_H
#define BPF_CLASS(code) ((code) & 0x07)
#define BPF_LD 0x00
#define BPF_ALU 0x04
#define BPF_JMP 0x05
#define BPF_W 0x00
#define BPF_H 0x08
#define BPF_B 0x10
#endif
