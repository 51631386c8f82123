/* SPDX-License-Identifier: MIT */
/*
 * The user that COMMAND runs as (`--as USER`). A run looks the user up while it still can, and the
 * child becomes that user just before it executes COMMAND: user, groups, environment, and no
 * capabilities.
 */
#ifndef RUN_AS_H
#define RUN_AS_H

#include <sys/types.h>

#include "error.h"

/** struct identity - a user; its strings and groups are heap memory, see identity_clear() */
struct identity {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int ngroups;
	char *name;
	char *home;
	char *shell;
};

/**
 * identity_find() - look a user up
 * @identity: filled; release with identity_clear()
 * @text:     the user's name or number; a number must have an entry too, as it gives the group
 * @err:      filled on failure; its text does not name the option
 *
 * Return: 0, -EINVAL when there is no such user, or -ENOMEM.
 */
int identity_find(struct identity *identity, const char *text, struct error *err);

/** identity_clear() - free what identity_find() allocated. */
void identity_clear(struct identity *identity);

/**
 * identity_become() - become the user for good, and set HOME, SHELL, USER and LOGNAME
 *
 * No capability stays, but the bounding set does: a COMMAND that is set-user-ID root works.
 *
 * Return: 0, or negative errno when this process may not become that user.
 */
int identity_become(const struct identity *identity);

#endif
