/* SPDX-License-Identifier: MIT */
/* A user of this process's own. See own_user.h. */
#define _GNU_SOURCE
#include "own_user.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	TRIES = 32,
};

/* getpriority(2) of a user fails with ESRCH when no process has that user. */
static bool is_free(uid_t id)
{
	char claim[64];

	errno = 0;
	if (getpriority(PRIO_USER, id) != -1 || errno != ESRCH)
		return false;
	/* systemd keeps a file for each id that it has given to a service. */
	snprintf(claim, sizeof(claim), "/run/systemd/dynamic-uid/%u", id);
	return access(claim, F_OK) < 0;
}

uid_t own_user_find(void)
{
	const unsigned count = OWN_USER_LAST - OWN_USER_FIRST + 1;
	uint32_t random;

	/* Two tools that begin at once shall not find the same one. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		random = (uint32_t)getpid() * 2654435761U ^ (uint32_t)clock();
	for (unsigned i = 0; i < TRIES; i++)
		if (is_free(OWN_USER_FIRST + (random + i) % count))
			return OWN_USER_FIRST + (random + i) % count;
	return OWN_USER_NOBODY;
}

static int become(uid_t id)
{
	if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0)
		return -errno;
	return 0;
}

int own_user_become(void)
{
	int r = become(own_user_find());

	return r == -EINVAL ? become(OWN_USER_NOBODY) : r;
}
