/* SPDX-License-Identifier: MIT */
/* Closing the descriptors that a child process has inherited. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

/**
 * descriptors_close() - close all descriptors from @first to @last
 * @last: ~0U: up to the highest
 *
 * As close_range(2), also on kernels that lack that call (before Linux 5.9). Those that are not
 * open are no failure.
 */
void descriptors_close(unsigned first, unsigned last);

#endif
