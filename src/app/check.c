/* SPDX-License-Identifier: MIT */
/*
 * --check. The last word is a trial: the tool's program is compiled, loaded and attached the way a
 * run would do it, and detached again. The lines before it explain a failure.
 */
#define _GNU_SOURCE
#include "check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "compiler.h"
#include "hooks_text.h"
#include "permission.h"
#include "session.h"

static void item(FILE *out, const char *verdict, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void item(FILE *out, const char *verdict, const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(out, "%-8s %-13s ", verdict, what);
	vfprintf(out, fmt, ap);
	fputc('\n', out);
	va_end(ap);
}

/* What runs cannot do without these parts of BPF; each has a line of its own. */
static const struct {
	enum bpf_feature feature;
	const char *what;
} left_out[] = {
	{ BPF_LOOPS, "paths and --stream of bcc-openat, argv of bcc-syscalls, PID namespaces" },
	{ BPF_LARGE_PROGRAMS, "options whose programs are too large" },
	{ BPF_CGROUP_IDS, "--by cgroup" },
	{ BPF_RAW_TRACEPOINTS, "COMMAND, --descendants and bcc-fork" },
	{ BPF_READS_TEXT, "--stream, and paths" },
};

/* The level of an old kernel's BPF, and what runs do without. */
static void check_features(unsigned lacks, FILE *out)
{
	unsigned before = bpf_features_before(lacks);
	char names[512];

	if (!lacks) {
		item(out, "ok", "BPF", "all that the tools use");
		return;
	}
	item(out, "limited", "BPF", "as before Linux %u.%u; it lacks %s", before >> 8,
	     before & 0xff, bpf_features_names(lacks, names, sizeof(names)));
	for (size_t i = 0; i < array_size(left_out); i++)
		if (lacks & left_out[i].feature)
			item(out, "limited", "left out", "%s", left_out[i].what);
}

static void check_kernel(const struct kernel *kernel, FILE *out)
{
	item(out, "ok", "kernel", "Linux %s", kernel->release);
	check_features(kernel->lacks, out);
	if (kernel->btf)
		item(out, "ok", "BTF", "/sys/kernel/btf/vmlinux");
	else
		item(out, "limited", "BTF",
		     "no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF=y has it): members of the "
		     "kernel's structures are found out from the running kernel");
	if (kernel_has_kprobes())
		item(out, "ok", "kprobes", "through perf events");
	else
		item(out, "missing", "kprobes",
		     "not in this kernel (CONFIG_KPROBE_EVENTS): tracepoints are used instead");
}

static void check_tracefs(const struct kernel *kernel, FILE *out)
{
	if (kernel->tracefs < 0)
		item(out, "missing", "tracepoints",
		     "tracefs is not mounted and cannot be: %s: classic tracepoints cannot be "
		     "used, raw ones can",
		     error_words(kernel->tracefs));
	else
		item(out, "ok", "tracepoints", "tracefs can be read (mounted or not)");
}

/* First line of a file, without the newline. Return: @buf, empty when there is none. */
static const char *first_line(const char *path, char *buf, size_t size)
{
	cleanup_fclose FILE *file = fopen(path, "re");

	buf[0] = '\0';
	if (file && fgets(buf, (int)size, file))
		buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

static void check_restrictions(FILE *out)
{
	char line[128], jit[32];
	const char *chosen;

	first_line("/proc/sys/kernel/perf_event_paranoid", line, sizeof(line));
	item(out, line[0] ? "ok" : "missing", "perf events", "kernel.perf_event_paranoid=%s%s",
	     line[0] ? line : "?",
	     atoi(line) > 2 ? ": perf buffers and kprobes take root (CAP_SYS_ADMIN)" : "");
	first_line("/sys/kernel/security/lockdown", line, sizeof(line));
	chosen = strchr(line, '[');
	if (permission_is_confidential())
		item(out, "limited", "lockdown",
		     "confidentiality: no kprobes, and kernel memory cannot be read");
	else
		item(out, "ok", "lockdown", "%s", chosen ? chosen : "none");
	first_line("/proc/sys/net/core/bpf_jit_enable", jit, sizeof(jit));
	if (strcmp(jit, "0") == 0)
		item(out, "limited", "JIT",
		     "off: events cost several times more; sysctl net.core.bpf_jit_enable=1");
	else
		item(out, "ok", "JIT", "on");
}

static void check_libbcc(FILE *out)
{
	char version[64];

	if (compiler_library_version(version, sizeof(version)) < 0)
		item(out, "missing", "libbcc",
		     "install it: apt install libbpfcc (Debian, Ubuntu), dnf install bcc (Fedora)");
	else
		item(out, "ok", "libbcc", "%s", version);
}

static bool check_privilege(FILE *out)
{
	struct error err = ERROR_INIT;
	bool has = permission_to_load(&err) == 0;

	if (has)
		item(out, "ok", "privilege", "may load tracing programs");
	else
		item(out, "missing", "privilege", "%s (%s)", err.text, err.hint);
	error_clear(&err);
	return has;
}

/* Why the tool would not run. The hint of a run may say to look here. */
static void say_why_not(const char *tool, const struct error *err, FILE *out)
{
	static const char see[] = "; see --check";
	size_t len = strlen(err->hint);

	if (len >= strlen(see) && strcmp(err->hint + len - strlen(see), see) == 0)
		len -= strlen(see);
	item(out, "missing", tool, "would not run: %s%s%.*s", err->text, len ? "; " : "", (int)len,
	     err->hint);
}

int check_print(struct session *s, FILE *out)
{
	struct error err = ERROR_INIT;
	bool may_load, works;

	check_kernel(&s->kernel, out);
	check_tracefs(&s->kernel, out);
	check_restrictions(out);
	check_libbcc(out);
	may_load = check_privilege(out);
	works = session_attach(s, &err) == 0;
	if (works) {
		char hooks[512];

		item(out, "ok", s->tool->name, "would run, through %s",
		     hooks_text(&s->object, s->own_hooks, hooks, sizeof(hooks)));
		if (s->nwithout)
			item(out, "limited", "without", "%s",
			     session_without(s, hooks, sizeof(hooks)));
	} else if (!may_load) {
		item(out, "missing", s->tool->name, "would not run: see privilege");
	} else {
		say_why_not(s->tool->name, &err, out);
	}
	error_clear(&err);
	return works ? 0 : 1;
}
