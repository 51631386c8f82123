/* SPDX-License-Identifier: MIT */
/* --stats: what a run has cost. See stats.h. */
#define _GNU_SOURCE
#include "stats.h"

#include <string.h>

#include "cleanup.h"

/* "VmRSS" of this process in KiB. */
static unsigned status_kib(const char *name)
{
	cleanup_fclose FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	unsigned kib;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0 &&
		    sscanf(line + strlen(name), ": %u", &kib) == 1)
			return kib;
	return 0;
}

void stats_print(const struct session *s, FILE *out)
{
	const struct timings *t = &s->timings;

	fprintf(out, "%-44s %12s %8s %8s %6s\n", "PROBE", "RUNS", "ns/run", "MISSED", "INSNS");
	for (size_t i = 0; i < s->object.nprograms; i++) {
		struct loader_stats stats;

		if (loader_stats(s->loaded, i, &stats) < 0)
			continue;
		fprintf(out, "%-44s %12llu %8.1f %8llu %6u\n", stats.hook,
			(unsigned long long)stats.runs,
			stats.runs ? (double)stats.run_ns / (double)stats.runs : 0.0,
			(unsigned long long)stats.missed, stats.insns);
	}
	fprintf(out,
		"%s %.1f ms, load %.1f ms, attach %.1f ms; resident %.1f MiB, at most %.1f MiB\n",
		t->cached ? "from the cache" : "compile", (double)t->compile_ns / 1e6,
		(double)t->load_ns / 1e6, (double)t->attach_ns / 1e6, status_kib("VmRSS") / 1024.0,
		status_kib("VmHWM") / 1024.0);
}
