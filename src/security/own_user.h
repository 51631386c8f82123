/* SPDX-License-Identifier: MIT */
/*
 * A user of this process's own. The kernel lets any process signal, stop and limit every other
 * process of its user, and user nobody has many: services, containers, a traced COMMAND. So each
 * process that gives up root takes a user id that no process has.
 *
 * The ids are those that systemd gives to services for as long as they run (DynamicUser=): nobody
 * is registered under them and no file belongs to them.
 */
#ifndef OWN_USER_H
#define OWN_USER_H

#include <sys/types.h>

enum {
	OWN_USER_FIRST = 61184,
	OWN_USER_LAST = 65519,
	OWN_USER_NOBODY = 65534, /* id of the user and of the group that own nothing */
};

/**
 * own_user_find() - find an id that no process has as its user
 *
 * Only processes of this PID namespace are seen.
 *
 * Return: the id, or OWN_USER_NOBODY when none was found.
 */
uid_t own_user_find(void);

/**
 * own_user_become() - become a user of its own, with the group of the same number and no others
 *
 * Where such an id cannot be had (a user namespace in which it does not exist), it is nobody.
 * Takes CAP_SETUID and CAP_SETGID.
 *
 * Return: 0, or negative errno: the user is the same as before.
 */
int own_user_become(void);

#endif
