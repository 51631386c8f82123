/* SPDX-License-Identifier: MIT */
/*
 * SANITIZED is defined in builds that need more than the product: AddressSanitizer takes terabytes
 * of address space and ptrace(2). tests/check/coverage defines it too, because it writes files when
 * the process ends.
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
