/* SPDX-License-Identifier: MIT */
/*
 * A 32-bit program (i386, arm) that makes an exact number of system calls, and no others. It has no
 * C library, so that the compiler of the 64-bit machine suffices.
 *
 *   narrow OPENS PATH GETPPIDS CLOSES [PROGRAM [ARG]...]
 *
 * Opens PATH by openat(2) OPENS times, and closes each descriptor; calls getppid(2) GETPPIDS times
 * and close(-1) CLOSES times; an arm program calls cacheflush(2) PRIVATE times. Then it executes
 * PROGRAM. Without one, or if that fails, it ends with status 0 or 99.
 */
enum { PRIVATE = 5, AT_FDCWD = -100 };

#if defined(__i386__)
enum { CLOSE = 6, EXECVE = 11, GETPPID = 64, EXIT_GROUP = 252, OPENAT = 295 };

static long call(long number, long a, long b, long c)
{
	long result = number;

	__asm__ volatile("int $0x80" : "+a"(result) : "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

static void make_private_calls(void)
{
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tpush %eax\n\tcall begin\n");
#elif defined(__arm__)
enum { CLOSE = 6, EXECVE = 11, GETPPID = 64, EXIT_GROUP = 248, OPENAT = 322 };

static long call(long number, long a, long b, long c)
{
	register long r7 __asm__("r7") = number;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;

	__asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
	return r0;
}

static void make_private_calls(void)
{
	for (int i = 0; i < PRIVATE; i++)
		call(0xf0002, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov r0, sp\n\tb begin\n");
#else
#error "a 32-bit compiler of x86 or arm is needed"
#endif

static long number(const char *text)
{
	long n = 0;

	while (*text)
		n = n * 10 + *text++ - '0';
	return n;
}

/* @stack: how many arguments, the arguments, NULL, the environment */
void begin(const char **stack);
void begin(const char **stack)
{
	long argc = (long)stack[0], opens;
	const char **argv = stack + 1;

	if (argc < 5)
		call(EXIT_GROUP, 99, 0, 0);
	opens = number(argv[1]);
	for (long i = 0; i < opens; i++) {
		long fd = call(OPENAT, AT_FDCWD, (long)argv[2], 0);

		if (fd >= 0)
			call(CLOSE, fd, 0, 0);
	}
	for (long i = number(argv[3]); i > 0; i--)
		call(GETPPID, 0, 0, 0);
	for (long i = number(argv[4]); i > 0; i--)
		call(CLOSE, -1, 0, 0);
	make_private_calls();
	if (argc > 5)
		call(EXECVE, (long)argv[5], (long)(argv + 5), (long)(argv + argc + 1));
	call(EXIT_GROUP, argc > 5 ? 99 : 0, 0, 0);
}
