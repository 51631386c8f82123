/* SPDX-License-Identifier: MIT */
/* The account of churn, and the calls it accounts for. See churn_account.h. */
#define _GNU_SOURCE
#include "churn_account.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"

static struct account *account;
static uint64_t capacity;

void account_map(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("the account");
	capacity = ((uint64_t)st.st_size - sizeof(*account)) / sizeof(struct slot);
	account = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (account == MAP_FAILED)
		die("mmap");
}

void account_life(enum life life)
{
	__atomic_add_fetch(&account->lives[life], 1, __ATOMIC_RELAXED);
}

uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 8;
}

struct slot *slot_new(uint32_t name)
{
	uint64_t number = __atomic_fetch_add(&account->slots, 1, __ATOMIC_RELAXED);
	struct slot *slot = &account->slot[number];
	char comm[16];

	if (number >= capacity)
		die_for(ENOSPC, "slots");
	snprintf(comm, sizeof(comm), "c%u", name);
	if (prctl(PR_SET_NAME, comm))
		die("prctl");
	slot->name = name;
	slot->pid = (uint32_t)syscall(SYS_getpid);
	slot->tid = (uint32_t)syscall(SYS_gettid);
	return slot;
}

static void count(volatile uint64_t *counter)
{
	*counter = *counter + 1;
}

static void make_call(struct slot *slot, enum op op)
{
	long fd;

	count(&slot->begun[op]);
	switch (op) {
	case GETPPID:
		syscall(SYS_getppid);
		break;
	case CLOSE_BAD:
		syscall(SYS_close, -1);
		break;
	case OPEN_MISSING:
		syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0);
		break;
	default:
		fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
		if (fd < 0)
			die("openat");
		count(&slot->done[op]);
		op = CLOSE;
		count(&slot->begun[op]);
		syscall(SYS_close, fd);
	}
	count(&slot->done[op]);
}

void slot_burst(struct slot *slot, uint64_t *state, unsigned most)
{
	unsigned n = 1 + draw(state) % most;
	enum op op = (enum op)(draw(state) % (OPS - 1));

	for (unsigned i = 0; i < n; i++)
		make_call(slot, op < CLOSE ? op : op + 1);
}
