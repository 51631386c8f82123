/* SPDX-License-Identifier: MIT */
/* The floor of a start that compiles: loads a library, and ends. */
#include <dlfcn.h>
#include <err.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2 || !dlopen(argv[1], RTLD_NOW | RTLD_LOCAL))
		errx(1, "%s", dlerror());
	_exit(0); /* its destructors are not run by ours either */
}
