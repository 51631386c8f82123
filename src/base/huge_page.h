/* SPDX-License-Identifier: MIT */
/*
 * Huge pages, where the system has them for a process that asks with madvise(MADV_HUGEPAGE).
 *
 * The kernel uses them only for whole, aligned ranges of this size, so a caller aligns first.
 */
#ifndef HUGE_PAGE_H
#define HUGE_PAGE_H

#include <stdint.h>

enum {
	HUGE_PAGE_SIZE = 2 << 20, /* bytes; x86-64, and arm64 with pages of 4 KiB */
};

/** huge_page_align() - the first address at or after @address where a huge page can begin. */
static inline char *huge_page_align(const void *address)
{
	uintptr_t mask = HUGE_PAGE_SIZE - 1;

	return (char *)(((uintptr_t)address + mask) & ~mask);
}

#endif
