/* SPDX-License-Identifier: MIT */
/*
 * Gives each file of a corpus to a target: `replay_TARGET FILE|DIRECTORY...`. Ends with status 0
 * if all properties hold.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replayed;

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void replay_file(const char *path)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	uint8_t *bytes;
	size_t len;

	if (!file || fstat(fileno(file), &st) < 0)
		fail(path);
	/* Exactly as long as the file, so that a sanitizer sees a read beyond it. */
	bytes = malloc(st.st_size ? (size_t)st.st_size : 1);
	if (!bytes)
		fail(path);
	len = fread(bytes, 1, (size_t)st.st_size, file);
	/* Print the name first: if the target fails, it is the last line. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
	fclose(file);
	replayed++;
}

static void replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	if (count < 0)
		fail(path);
	for (int i = 0; i < count; i++) {
		char *file;

		if (entries[i]->d_name[0] != '.' &&
		    asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0) {
			replay_file(file);
			free(file);
		}
		free(entries[i]);
	}
	free(entries);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) < 0)
			fail(argv[i]);
		if (S_ISDIR(st.st_mode))
			replay_directory(argv[i]);
		else
			replay_file(argv[i]);
	}
	printf("%u replayed\n", replayed);
	return replayed ? 0 : 1;
}
