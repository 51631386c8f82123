/* SPDX-License-Identifier: MIT */
/* The least that a start with a compile costs: loads a library and ends. */
#include <dlfcn.h>
#include <err.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2 || !dlopen(argv[1], RTLD_NOW | RTLD_LOCAL))
		errx(1, "%s", dlerror());
	_exit(0); /* the tools do not run its destructors either */
}
