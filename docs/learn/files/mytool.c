/* Count all system calls of the machine, once a second, three times. */
#include <bcc/bcc_common.h>
#include <bcc/libbpf.h>
#include <err.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static const char text[] =
	"BPF_ARRAY(total, u64, 1);\n"
	"int each_call(struct bpf_raw_tracepoint_args *ctx)\n"
	"{\n"
	"	int first = 0;\n"
	"	u64 *count = total.lookup(&first);\n"
	"	if (count)\n"
	"		__sync_fetch_and_add(count, 1);\n"
	"	return 0;\n"
	"}\n";

int main(void)
{
	uint64_t before = 0, now = 0;
	int first = 0, program, map;
	void *module;

	/* clang compiles the text. bpf(2) makes the maps. */
	module = bpf_module_create_c_from_string(text, 0, NULL, 0, true, NULL);
	if (!module)
		errx(1, "clang does not accept the program");

	/* bpf(2) again: the verifier looks at the program. */
	program = bcc_func_load(module, BPF_PROG_TYPE_RAW_TRACEPOINT, "each_call",
				bpf_function_start(module, "each_call"),
				(int)bpf_function_size(module, "each_call"),
				bpf_module_license(module), bpf_module_kern_version(module), 0,
				NULL, 0, NULL, -1);
	if (program < 0)
		err(1, "the kernel does not accept the program");

	/* From here on it runs. */
	if (bpf_attach_raw_tracepoint(program, "sys_enter") < 0)
		err(1, "sys_enter");

	map = bpf_table_fd(module, "total");
	for (int second = 0; second < 3; second++) {
		sleep(1);
		if (bpf_lookup_elem(map, &first, &now))
			err(1, "total");
		printf("%llu system calls\n", (unsigned long long)(now - before));
		before = now;
	}
	return 0;
}
