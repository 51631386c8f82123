/* SPDX-License-Identifier: MIT */
/*
 * --program FILE: the reader's own copy of the program takes the place of the tool's.
 *
 * The copy goes the way of the tool's own program: the compiler has no privilege, the kernel's
 * verifier has the last word. What the tool reads must still be there in the form that it knows.
 */
#ifndef GIVEN_PROGRAM_H
#define GIVEN_PROGRAM_H

#include "error.h"
#include "hook.h"
#include "object.h"

/* What to do about a file that does not fit the run. */
#define GIVEN_PROGRAM_HINT "it has to be what --ebpf prints for the options of this run"

/**
 * given_program_read() - read the file
 * @path:  a regular file, which nobody but root and its owner can write, and that owner is root,
 *         this user, or who became root with sudo(8), by $SUDO_UID: what root runs in the kernel
 *         must not be somebody else's choice
 * @textp: its text, for the caller to free
 *
 * Return: 0; -EPERM if this process is not root's, or the file somebody else's; -EINVAL if it is no
 * text; another negative errno.
 */
int given_program_read(const char *path, char **textp, struct error *err);

/**
 * given_program_defines() - has the program a function for each of these hooks?
 * @path: of the file that @text was read from, for messages
 *
 * It tells for which of a tool's probe sets the program is.
 *
 * Return: 0; -ENOTSUP with the name of one that is missing.
 */
int given_program_defines(const char *path, const char *text, const struct hook *hooks,
			  size_t count, struct error *err);

/** struct map_list - the maps of an object, kept when the object is not */
struct map_list {
	struct object_map maps[OBJECT_MAPS_MAX];
	size_t count;
};

/** given_program_maps() - those of an object */
void given_program_maps(const struct object *object, struct map_list *maps);

/**
 * given_program_fits() - has the object all maps, with keys and values of the same sizes?
 * @path:  of the file it was compiled from, for messages
 * @needs: the maps of the tool's own program
 *
 * Return: 0 or -EINVAL.
 */
int given_program_fits(const char *path, const struct map_list *needs, const struct object *object,
		       struct error *err);

#endif
