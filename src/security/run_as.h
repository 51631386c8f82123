/* SPDX-License-Identifier: MIT */
/* A user as whom a COMMAND runs (`--as USER`): user, groups, environment, and no capabilities. */
#ifndef RUN_AS_H
#define RUN_AS_H

#include <sys/types.h>

#include "error.h"

/** struct identity - release with identity_clear() */
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
 * identity_find() - by user name, or by number
 * Return: 0, or -EINVAL: there is no such user; the text of @err does not name the option.
 */
int identity_find(struct identity *identity, const char *text, struct error *err);

void identity_clear(struct identity *identity);

/**
 * identity_become() - for good; HOME, SHELL, USER and LOGNAME become the user's. What an execve of
 * root's would have in the way of capabilities is for root only Return: 0, or negative errno: this
 * process may not become that user.
 */
int identity_become(const struct identity *identity);

#endif
