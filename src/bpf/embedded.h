/* SPDX-License-Identifier: MIT */
/*
 * The files of programs/ as strings inside the tool, so that a tool is one file and reads none at
 * run time. programs/meson.build generates the table.
 */
#ifndef EMBEDDED_H
#define EMBEDDED_H

/**
 * struct embedded_file
 * @path: relative to programs/
 * @text: its contents
 */
struct embedded_file {
	const char *path;
	const char *text;
};

/** embedded_files - all of them, ended by an entry whose path is NULL */
extern const struct embedded_file embedded_files[];

/** embedded_find() - text of the file called @path, or NULL */
const char *embedded_find(const char *path);

#endif
