/* SPDX-License-Identifier: MIT */
/* Bytes and the files that made them. See blob.h. */
#include "blob.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

void blob_clear(struct blob *blob)
{
	free(blob->bytes);
	free(blob->origin);
	*blob = (struct blob){ .bytes = NULL };
}

int file_identity(const char *path, char *buf, size_t size)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	snprintf(buf, size, "%lld %lld.%09ld", (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		 st.st_mtim.tv_nsec);
	return 0;
}
