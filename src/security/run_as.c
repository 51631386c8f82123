/* SPDX-License-Identifier: MIT */
/* The user that COMMAND runs as. See run_as.h. */
#define _GNU_SOURCE
#include "run_as.h"

#include <errno.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capabilities.h"
#include "cleanup.h"
#include "number.h"

static int find_groups(struct run_as *identity)
{
	int count = 32, capacity;

	do {
		gid_t *more = reallocarray(identity->groups, (size_t)count, sizeof(*more));

		if (!more)
			return -ENOMEM;
		identity->groups = more;
		capacity = count;
	} while (getgrouplist(identity->name, identity->gid, identity->groups, &count) < 0 &&
		 count > capacity);
	identity->ngroups = count;
	return 0;
}

int run_as_find(struct run_as *identity, const char *text, struct error *err)
{
	const struct passwd *user;
	uint64_t uid;
	bool number = number_u64(text, strlen(text), 0, UINT32_MAX - 1, &uid) == 0;

	user = number ? getpwuid((uid_t)uid) : getpwnam(text);
	if (!user)
		return error_set(err, -EINVAL, "'%s': no such user", text);
	*identity =
		(struct run_as){ .uid = user->pw_uid,
				 .gid = user->pw_gid,
				 .name = strdup(user->pw_name),
				 .home = strdup(user->pw_dir),
				 .shell = strdup(user->pw_shell[0] ? user->pw_shell : "/bin/sh") };
	if (!identity->name || !identity->home || !identity->shell || find_groups(identity) < 0)
		return error_nomem(err);
	return 0;
}

void run_as_clear(struct run_as *identity)
{
	free(identity->groups);
	free(identity->name);
	free(identity->home);
	free(identity->shell);
	*identity = (struct run_as){ .uid = 0 };
}

/*
 * The kernel clears them when root becomes another user, but not when a process that has
 * capabilities without being root does.
 */
static int give_up_capabilities(void)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	return capabilities_set(0, 0) < 0 ? -errno : 0;
}

/* Variables that say where and in which language COMMAND runs, and nothing of whose it is. */
static bool is_kept(const char *variable)
{
	static const char *const kept[] = { "PATH=", "TERM=", "LANG=", "LANGUAGE=", "LC_" };

	for (size_t i = 0; i < array_size(kept); i++)
		if (strncmp(variable, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

/* The strings stay where they are; only the array is new. Return: 0, or -1 with errno. */
static int clean_environment(void)
{
	char **before = environ;

	if (clearenv() != 0)
		return -1;
	for (; before && *before; before++)
		if (is_kept(*before) && putenv(*before) != 0)
			return -1;
	return 0;
}

/* @real: of the user, also the saved one; -1 leaves both as they are */
static int change_user(const struct run_as *identity, uid_t real)
{
	if (setgroups((size_t)identity->ngroups, identity->groups) < 0 ||
	    setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
	    setresuid(real, identity->uid, real) < 0)
		return -errno;
	return 0;
}

int run_as_try(const struct run_as *identity)
{
	int r = change_user(identity, (uid_t)-1);

	return r < 0 ? r : give_up_capabilities();
}

int run_as_become(const struct run_as *identity)
{
	int r = change_user(identity, identity->uid);

	if (r < 0)
		return r;
	if (clean_environment() < 0 || setenv("HOME", identity->home, 1) < 0 ||
	    setenv("SHELL", identity->shell, 1) < 0 || setenv("USER", identity->name, 1) < 0 ||
	    setenv("LOGNAME", identity->name, 1) < 0)
		return -errno;
	/*
	 * A session keyring of its own, which holds none of the caller's keys. Where that is not
	 * possible (no CONFIG_KEYS, a container's filter) COMMAND has no keyctl(2) either.
	 */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	return give_up_capabilities();
}
