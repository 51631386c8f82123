/* SPDX-License-Identifier: GPL-2.0-only */
/* helpers.h includes this name; all it needs of it is in BCC's own bpf.h. */
