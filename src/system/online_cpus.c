/* SPDX-License-Identifier: MIT */
/* Which CPUs are online. See online_cpus.h. */
#define _GNU_SOURCE
#include "online_cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

/* The file is never longer than a page. Return: 0 or a negative errno. */
static int read_text(const struct online_cpus *cpus, char text[sizeof(cpus->text)])
{
	ssize_t n = pread(cpus->file, text, sizeof(cpus->text) - 1, 0);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

int online_cpus_open(struct online_cpus *cpus, struct error *err)
{
	int r;

	cpus->file = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);
	r = cpus->file < 0 ? -errno : read_text(cpus, cpus->text);
	return r < 0 ? error_set(err, r, "reading which CPUs are online: %s", error_words(r)) : 0;
}

void online_cpus_close(struct online_cpus *cpus)
{
	if (cpus->file >= 0)
		close(steal_fd(&cpus->file));
}

bool online_cpus_changed(struct online_cpus *cpus)
{
	char text[sizeof(cpus->text)];

	if (read_text(cpus, text) < 0 || !strcmp(text, cpus->text))
		return false;
	memcpy(cpus->text, text, sizeof(text));
	return true;
}

void online_cpus_forget(struct online_cpus *cpus)
{
	cpus->text[0] = '\0';
}

/* A number that text begins with. Return: what follows it; NULL: it does not. */
static const char *number(const char *text, int *value)
{
	char *end;
	long read;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	read = strtol(text, &end, 10);
	if (errno || read > INT32_MAX)
		return NULL;
	*value = (int)read;
	return end;
}

bool online_cpus_next(const char **at, int *cpu)
{
	const char *rest;
	int first, last;

	while ((rest = number(*at, &first))) {
		last = first;
		if (*rest == '-')
			rest = number(rest + 1, &last);
		if (!rest || last < first)
			return false;
		if (*cpu < last) {
			*cpu = *cpu < first ? first : *cpu + 1;
			return true;
		}
		*at = *rest == ',' ? rest + 1 : rest;
	}
	return false;
}
