/* Count system calls by their numbers. */

/* Where the saved registers have the number of the call: in struct pt_regs, at this byte. */
#if defined(__aarch64__)
#define NUMBER_AT 280
#else
#define NUMBER_AT 120
#endif

struct count {
	u64 errors;
	u64 calls;
};

/*
 * Two maps that the tool reads at the end. The first has room for 1024 numbers of each kind of
 * program: 64-bit, 32-bit, and 64-bit with short pointers. The second counts losses by their cause.
 */
BPF_PERCPU_ARRAY(counts, struct count, 3072);
BPF_PERCPU_ARRAY(drops, u64, 7);

/* The kernel runs this function each time a system call returns. */
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	void *registers = (void *)ctx->args[0];
	s32 number = 0;
	struct count *c;

	/* Copies the number out of the kernel's memory. */
	bpf_probe_read_kernel(&number, sizeof(number), registers + NUMBER_AT);
	c = counts.lookup(&number);
	if (c)
		c->calls++;
	return 0;
}

/* And one of these each time a thread ends. Which one depends on the kernel. They do nothing. */
int raw_tracepoint__sched_process_exit(void *ctx)
{
	return 0;
}

int tracepoint__sched_process_exit(void *ctx)
{
	return 0;
}
