/* SPDX-License-Identifier: MIT */
/*
 * Prints `NAME CLASS,CLASS` for each call named: tests/e2e/test_syscall_classes.py compares it with
 * strace.
 */
#include <stdio.h>

#include "syscall_classes.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *separator = " ";

		fputs(argv[i], stdout);
		for (unsigned bit = 1; bit < SYSCALL_CLASS_END; bit <<= 1) {
			if (!(syscall_classes(argv[i]) & bit))
				continue;
			printf("%s%s", separator, syscall_class_name(bit));
			separator = ",";
		}
		putchar('\n');
	}
	return 0;
}
