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

/** struct run_as - a user; its strings and groups are heap memory, see run_as_clear() */
struct run_as {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int ngroups;
	char *name;
	char *home;
	char *shell;
};

/**
 * run_as_find() - look a user up
 * @identity: filled; release with run_as_clear()
 * @text:     the user's name or number; a number must have an entry too, as it gives the group
 * @err:      filled on failure; its text does not name the option
 *
 * Return: 0, -EINVAL when there is no such user, or -ENOMEM.
 */
int run_as_find(struct run_as *identity, const char *text, struct error *err);

/** run_as_clear() - free what run_as_find() allocated. */
void run_as_clear(struct run_as *identity);

/**
 * run_as_try() - have the rights of the user, for access(2) and the like, and no others
 *
 * The real user stays, so that the user cannot send this process signals.
 *
 * Return: 0, or negative errno when this process may not become that user.
 */
int run_as_try(const struct run_as *identity);

/**
 * run_as_become() - become the user for good, with an environment and a session keyring of its own
 *
 * Of the environment PATH, TERM, LANG, LANGUAGE and LC_* stay; HOME, SHELL, USER and LOGNAME are
 * the user's. No capability stays, but the bounding set does, and no_new_privs is not set: a
 * COMMAND that is set-user-ID root works, as it does for that user elsewhere.
 *
 * Return: 0, or negative errno when this process may not become that user.
 */
int run_as_become(const struct run_as *identity);

#endif
