/* Count the system calls of tasks whose name is dd. */
#if defined(__aarch64__)
#define NUMBER_AT 280
#else
#define NUMBER_AT 120
#endif

struct count {
	u64 errors;
	u64 calls;
};

BPF_PERCPU_ARRAY(counts, struct count, 3072);
BPF_PERCPU_ARRAY(drops, u64, 7);

int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	void *registers = (void *)ctx->args[0];
	char comm[16];
	s32 number = 0;
	struct count *c;

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] != 'd' || comm[1] != 'd' || comm[2] != '\0')
		return 0;
	bpf_probe_read_kernel(&number, sizeof(number), registers + NUMBER_AT);
	c = counts.lookup(&number);
	if (c)
		c->calls++;
	return 0;
}

int raw_tracepoint__sched_process_exit(void *ctx)
{
	return 0;
}

int tracepoint__sched_process_exit(void *ctx)
{
	return 0;
}
