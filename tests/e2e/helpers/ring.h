/* SPDX-License-Identifier: MIT */
/*
 * Opens files through an io_uring, without liburing: one request at a time, whose result the caller
 * waits for.
 */
#ifndef RING_H
#define RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef IORING_SETUP_CQE32 /* headers before 5.19 */
#define IORING_SETUP_CQE32 (1U << 11)
#endif
#ifndef IOSQE_CQE_SKIP_SUCCESS /* headers before 5.17 */
#define IOSQE_CQE_SKIP_SUCCESS (1U << 6)
#define IORING_FEAT_CQE_SKIP (1U << 11)
#endif

enum { RING_SLOT = 2 }; /* that takes files */

/**
 * struct ring - one io_uring, mapped
 * @polled: a thread of the kernel submits the requests (SQPOLL)
 * @mark: user_data of the latest request that opens
 */
struct ring {
	int fd;
	bool polled;
	uint32_t features;
	uint64_t mark;
	uint32_t *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	void *map;
	size_t map_size;
};

/** ring_has_cqe32() - does this kernel have results of 32 bytes? They came with Linux 5.19, and so
 * did the tracepoint that tells which request a result belongs to. */
bool ring_has_cqe32(void);

/** ring_begin() - set a ring up. Return: whether the kernel lets this process have one */
bool ring_begin(struct ring *ring, bool polled);

/** ring_open() - submit one request that opens a file and wait for it. Return: false if the kernel
 * refuses to take requests, else true, with the descriptor or a negative errno in @resultp */
bool ring_open(struct ring *ring, struct io_uring_sqe *sqe, int *resultp);

/** ring_put() - add a request to those that the next ring_wait() submits */
void ring_put(struct ring *ring, const struct io_uring_sqe *sqe);

/** ring_wait() - submit @submit requests, and wait for the result of the one whose user_data is
 * @mark, or of a later one. Return: false if the kernel refuses to take requests; @resultp is set
 * only by the one with @mark */
bool ring_wait(struct ring *ring, unsigned submit, uint64_t mark, int *resultp);

/** ring_submit() - submit @count requests without waiting. Return: as of ring_wait() */
bool ring_submit(struct ring *ring, unsigned count);

/** ring_make_slots() - register empty slots for files. Return: whether the kernel takes them */
bool ring_make_slots(struct ring *ring);

void ring_end(struct ring *ring);

#endif
