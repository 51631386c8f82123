/* SPDX-License-Identifier: MIT */
/* Opens files through an io_uring. See ring.h. */
#define _GNU_SOURCE
#include "ring.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RING_ENTRIES = 8 };

static int ring_setup(unsigned flags, struct io_uring_params *params)
{
	memset(params, 0, sizeof(*params));
	params->flags = flags;
	params->sq_thread_idle = 1000;
	return (int)syscall(SYS_io_uring_setup, RING_ENTRIES, params);
}

bool ring_has_cqe32(void)
{
	struct io_uring_params params;
	int fd = ring_setup(IORING_SETUP_CQE32, &params);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool ring_begin(struct ring *ring, bool polled)
{
	struct io_uring_params p;
	size_t sqes_size = RING_ENTRIES * sizeof(struct io_uring_sqe);

	ring->fd = ring_setup(polled ? IORING_SETUP_SQPOLL : 0, &p);
	if (ring->fd < 0)
		return false;
	ring->polled = polled;
	ring->features = p.features;
	ring->map_size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	if (ring->map_size < p.sq_off.array + p.sq_entries * sizeof(uint32_t))
		ring->map_size = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	ring->map = mmap(NULL, ring->map_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			 ring->fd, IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, sqes_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			  ring->fd, IORING_OFF_SQES);
	if (ring->map == MAP_FAILED || ring->sqes == MAP_FAILED)
		return false;
	ring->sq_tail = (uint32_t *)((char *)ring->map + p.sq_off.tail);
	ring->sq_mask = (uint32_t *)((char *)ring->map + p.sq_off.ring_mask);
	ring->sq_array = (uint32_t *)((char *)ring->map + p.sq_off.array);
	ring->cq_head = (uint32_t *)((char *)ring->map + p.cq_off.head);
	ring->cq_tail = (uint32_t *)((char *)ring->map + p.cq_off.tail);
	ring->cq_mask = (uint32_t *)((char *)ring->map + p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)((char *)ring->map + p.cq_off.cqes);
	return true;
}

bool ring_make_slots(struct ring *ring)
{
	int empty[RING_SLOT + 1];

	for (int i = 0; i <= RING_SLOT; i++)
		empty[i] = -1;
	return syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, empty,
		       RING_SLOT + 1) == 0;
}

void ring_end(struct ring *ring)
{
	munmap(ring->sqes, RING_ENTRIES * sizeof(struct io_uring_sqe));
	munmap(ring->map, ring->map_size);
	close(ring->fd);
}

void ring_put(struct ring *ring, const struct io_uring_sqe *sqe)
{
	uint32_t tail = *ring->sq_tail, slot = tail & *ring->sq_mask;

	ring->sqes[slot] = *sqe;
	ring->sq_array[slot] = slot;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
}

bool ring_wait(struct ring *ring, unsigned submit, uint64_t mark, int *resultp)
{
	unsigned flags = IORING_ENTER_GETEVENTS | (ring->polled ? IORING_ENTER_SQ_WAKEUP : 0);

	for (;;) {
		if (syscall(SYS_io_uring_enter, ring->fd, submit, 1, flags, NULL, 0) < 0)
			return false;
		submit = 0;
		while (*ring->cq_head != __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE)) {
			struct io_uring_cqe cqe = ring->cqes[*ring->cq_head & *ring->cq_mask];
			__atomic_store_n(ring->cq_head, *ring->cq_head + 1, __ATOMIC_RELEASE);
			if (cqe.user_data == mark)
				*resultp = cqe.res;
			if (cqe.user_data >= mark)
				return true;
		}
	}
}

bool ring_submit(struct ring *ring, unsigned count)
{
	return syscall(SYS_io_uring_enter, ring->fd, count, 0, 0, NULL, 0) == (long)count;
}

/*
 * With IOSQE_CQE_SKIP_SUCCESS a request that succeeds has no result. So a request that does nothing
 * follows it, linked to it: its result tells that the file has been opened, and the descriptor is
 * the lowest free one. If the open fails, the kernel cancels the second request.
 */
bool ring_open(struct ring *ring, struct io_uring_sqe *sqe, int *resultp)
{
	struct io_uring_sqe nop = { .opcode = IORING_OP_NOP };

	sqe->user_data = ring->mark += 2;
	nop.user_data = sqe->user_data + 1;
	ring_put(ring, sqe);
	if (!(sqe->flags & IOSQE_CQE_SKIP_SUCCESS))
		return ring_wait(ring, 1, sqe->user_data, resultp);
	*resultp = dup(ring->fd);
	close(*resultp);
	ring_put(ring, &nop);
	return ring_wait(ring, 2, sqe->user_data, resultp);
}
