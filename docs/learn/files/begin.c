struct count { u64 errors; u64 calls; };
BPF_PERCPU_ARRAY(counts, struct count, 3072);
BPF_PERCPU_ARRAY(drops, u64, 7);
int raw_tracepoint__sched_process_exit(void *ctx) { return 0; }
int tracepoint__sched_process_exit(void *ctx) { return 0; }
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
