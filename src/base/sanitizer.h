/* SPDX-License-Identifier: MIT */
/*
 * SANITIZED is defined in builds with AddressSanitizer, which needs more than the product:
 * terabytes of address space, ptrace(2); and by tests/check/coverage, which needs files at the end.
 */
#ifndef SANITIZER_H
#define SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif
