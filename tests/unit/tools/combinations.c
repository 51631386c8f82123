/* SPDX-License-Identifier: MIT */
/* The engine behind test_combinations_*.c. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "compiler_child.h"
#include "embedded.h"
#include "glob.h"
#include "task_filter.h"

static const struct hook follow_birth = { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask",
					  "task_newtask" };
static const struct hook follow_birth_classic = { HOOK_TRACEPOINT, "tracepoint__task_newtask",
						  "task/task_newtask" };
static const struct hook follow_began = { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__follow_began",
					  "task_newtask" };
static const struct hook follow_end = { HOOK_RAW_TRACEPOINT_BTF,
					"raw_tracepoint__sched_process_free",
					"sched_process_free" };

static struct job jobs[2048];
static size_t njobs;

void add_job(struct job job)
{
	assert_true(njobs < COUNT(jobs));
	jobs[njobs++] = job;
}

/* ---- what a job is compiled with ---- */

static void define_ids(struct source *s, const char *name, int ids)
{
	char text[1024] = "";
	size_t len = 0;

	for (int i = 0; i < ids; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s(id) == PARAMETER(%d)",
					i ? " || " : "(", source_parameter(s, 1000));
	source_define(s, name, "%s)", text);
}

static void define_filters(struct source *s, unsigned filters)
{
	struct glob glob;

	if (filters & PIDS)
		define_ids(s, "FILTER_PID(id)", 1);
	if (filters & TIDS)
		define_ids(s, "FILTER_TID(id)", 3);
	if (filters & PPIDS)
		define_ids(s, "FILTER_PPID(id)", 2);
	if (filters & UIDS)
		define_ids(s, "FILTER_UID(id)", 10);
	if (filters & CGROUP)
		source_define(s, "FILTER_CGROUP", "1");
	if (filters & FOLLOWED) {
		source_define(s, "FOLLOW", "1");
		source_define(s, "FOLLOW_MAX", "%d", 32768);
		source_define(s, "FOLLOW_FLAGS", "%d", BPF_F_NO_PREALLOC);
	}
	if ((filters & NAME) && glob_parse(&glob, "[!a-c]*y??[0-9x]z") == 0)
		filter_define_name(&glob, s);
}

void define_flags(struct source *s, const struct job *job, const struct flag_define *defines,
		  size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (job->flags & defines[i].flag)
			source_define(s, defines[i].name, "%s", defines[i].value);
}

void define_numbers(struct source *s, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		source_define(s, names[i], "%zu", 8 * i + 96);
}

void define_rows(struct source *s, const struct job *job)
{
	source_define(s, "TABLE_MAX", "%d", ROWS_MAX);
	source_define(s, "TABLE_FLAGS", "0");
	by_define(&job->by, s);
	if (job->flags & TASK_COMM_) {
		source_define(s, "TASK_COMM", "%d", 3008);
		source_define(s, "TASK_GROUP_LEADER", "%d", 2528);
	}
}

static void define_births(struct source *s)
{
	source_define(s, "BIRTH_TRACEPOINT", "1");
	source_define(s, "NEWTASK_PID", "8");
	source_define(s, "NEWTASK_FLAGS", "32");
	source_define(s, "RENAME_PID", "8");
	source_define(s, "EXEC_FILENAME", "8");
}

static struct source *source_of(const struct job *job)
{
	static const struct flag_define common[] = {
		{ TASK_BTF_, "CURRENT_TASK_BTF", "1" },
		{ TASK_PT_REGS_, "HAVE_TASK_PT_REGS", "1" },
		{ LATENCY_, "LATENCY", "1" },
		{ FAILED_ONLY_, "FAILED_ONLY", "1" },
		{ FILTER_ERRNO_, "FILTER_ERRNO(e)", "((e) == 2 || (e) == 13)" },
	};
	struct error err = ERROR_INIT;
	struct source *s = NULL;

	if (source_new(&s, job->program, &err) < 0)
		return NULL;
	define_task(s);
	define_filters(s, job->filters);
	define_flags(s, job, common, COUNT(common));
	if (job->flags & PIDNS_)
		define_namespace(s);
	if (job->flags & BIRTH_TRACEPOINT_)
		define_births(s);
	suite.define(s, job);
	return s;
}

/* The job's own, and what following adds. */
static size_t hooks_of(const struct job *job, struct hook *hooks)
{
	bool classic = job->flags & BIRTH_TRACEPOINT_;
	size_t n = 0;

	for (size_t i = 0; i < job->nhooks; i++)
		hooks[n++] = job->hooks[i];
	if (!(job->filters & FOLLOWED))
		return n;
	if (!suite.own_birth || !suite.own_birth(job))
		hooks[n++] = classic ? follow_birth_classic : follow_birth;
	if (classic)
		hooks[n++] = follow_began;
	hooks[n++] = follow_end;
	return n;
}

/* ---- what it has become ---- */

int complain(const struct job *job, const char *what, const char *detail)
{
	fprintf(stderr, "%s, flags %#x, filters %#x, by %#x: %s %s\n", job->program, job->flags,
		job->filters, job->by.words, what, detail ? detail : "");
	return 1;
}

/* Helpers of Linux 5.10, and two that the tool asks for only where they are. */
static bool helper_exists(const struct job *job, int helper)
{
	static const int always[] = {
		BPF_FUNC_map_lookup_elem,       BPF_FUNC_map_update_elem,
		BPF_FUNC_map_delete_elem,       BPF_FUNC_ktime_get_ns,
		BPF_FUNC_get_current_pid_tgid,  BPF_FUNC_get_current_uid_gid,
		BPF_FUNC_get_current_comm,      BPF_FUNC_perf_event_output,
		BPF_FUNC_get_current_task,      BPF_FUNC_current_task_under_cgroup,
		BPF_FUNC_probe_read_user,       BPF_FUNC_probe_read_kernel,
		BPF_FUNC_probe_read_kernel_str, BPF_FUNC_probe_read_user_str,
		BPF_FUNC_get_smp_processor_id,  BPF_FUNC_get_current_cgroup_id,
	};

	for (size_t i = 0; i < COUNT(always); i++)
		if (helper == always[i])
			return true;
	return (helper == BPF_FUNC_get_current_task_btf && (job->flags & TASK_BTF_)) ||
	       (helper == BPF_FUNC_task_pt_regs && (job->flags & TASK_PT_REGS_));
}

static bool has_reloc(const struct object_program *p, size_t insn)
{
	for (size_t i = 0; i < p->nrelocs; i++)
		if (p->relocs[i].insn == insn)
			return true;
	return false;
}

/* What a look at the instructions can tell. */
static int check_insns(const struct job *job, const struct object_program *p)
{
	if (!p->ninsns || p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_EXIT))
		if (p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_JA))
			return complain(job, p->name, "does not end");
	for (size_t i = 0; i < p->ninsns; i++) {
		const struct bpf_insn *insn = &p->insns[i];

		if (insn->code == (BPF_LD | BPF_DW | BPF_IMM)) {
			if ((insn->src_reg == BPF_PSEUDO_MAP_FD) != has_reloc(p, i) ||
			    insn->src_reg > BPF_PSEUDO_MAP_FD || (insn->src_reg && insn->imm))
				return complain(job, p->name, "loads no map and no number");
			i++;
		} else if (insn->code == (BPF_JMP | BPF_CALL) &&
			   (insn->src_reg || !helper_exists(job, insn->imm))) {
			fprintf(stderr, "helper %d: ", insn->imm);
			return complain(job, p->name, "calls what there is not");
		}
	}
	return 0;
}

int check_map(const struct job *job, const struct object *o, const char *name, bool wanted)
{
	if ((object_map(o, name) >= 0) == wanted)
		return 0;
	return complain(job, name, wanted ? "is not there" : "is there");
}

int check_rows(const struct job *job, const struct object *o, size_t value_size)
{
	int table = object_map(o, "table"), tables = object_map(o, "tables");

	if (table < 0 || tables < 0 || o->maps[tables].inner != table)
		return complain(job, "tables", NULL);
	if (o->maps[table].max_entries != ROWS_MAX ||
	    o->maps[table].key_size != by_key_size(&job->by) ||
	    o->maps[table].value_size != value_size)
		return complain(job, "rows", NULL);
	return 0;
}

static int check_maps(const struct job *job, const struct object *o)
{
	int bad = check_map(job, o, "filter_cgroup", job->filters & CGROUP);

	bad = bad ?: check_map(job, o, "followed", job->filters & FOLLOWED);
	bad = bad ?: check_map(job, o, "drops", true);
	return bad ?: suite.check_maps(job, o);
}

static int check_object(const struct job *job, const struct object *o, const struct hook *hooks,
			size_t nhooks)
{
	if (o->nprograms != nhooks)
		return complain(job, "not as many programs as hooks", NULL);
	for (size_t i = 0; i < nhooks; i++) {
		const struct hook *hook = &o->programs[i].hook;

		if (hook->kind != hooks[i].kind || strcmp(hook->function, hooks[i].function) != 0 ||
		    strcmp(hook->target, hooks[i].target) != 0)
			return complain(job, hooks[i].function, "is not where it should be");
		if (check_insns(job, &o->programs[i]))
			return 1;
	}
	return check_maps(job, o);
}

static int run_job(const struct job *job)
{
	struct hook hooks[OBJECT_PROGRAMS_MAX];
	size_t nhooks = hooks_of(job, hooks);
	struct error err = ERROR_INIT;
	struct source *s = source_of(job);
	struct object o = { .nmaps = 0 };
	int failed;

	if (!s)
		return complain(job, "is not there", NULL);
	failed = compile(s, hooks, nhooks, &o, &err) < 0 ? complain(job, err.text, err.detail)
							 : check_object(job, &o, hooks, nhooks);
	object_clear(&o);
	error_clear(&err);
	source_free(s);
	return failed;
}

/* Compiling takes one CPU, and a process without threads: one process for each CPU. */
static void test_combinations(void **state)
{
	long workers = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t children[64];
	bool failed = false;
	void *library;

	(void)state;
	/* So that those who compile need not, which is a third of their time; src/compile_child.c
	 * says what is wrong. */
	library = dlopen(COMPILER_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(library);
	workers = workers < 1 ? 1 : workers > 64 ? 64 : workers;
	fflush(NULL);
	for (long w = 0; w < workers; w++) {
		children[w] = fork();
		assert_true(children[w] >= 0);
		if (children[w] == 0) {
			int bad = 0;

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (size_t i = (size_t)w; i < njobs && bad < 5; i += (size_t)workers)
				bad += run_job(&jobs[i]);
			_exit(bad);
		}
	}
	for (long w = 0; w < workers; w++) {
		int status;

		assert_int_equal(waitpid(children[w], &status, 0), children[w]);
		failed |= status != 0;
	}
	print_message("%zu combinations\n", njobs);
	assert_false(failed);
}

/* ---- is that every combination? ---- */

/* A word that the programs ask about, and the answers it gets: by a job, or by what a program says
 * itself. */
struct question {
	char word[64];
	bool yes, no, own;
};

static struct question questions[128];
static size_t nquestions;

static struct question *question_of(const char *word)
{
	for (size_t i = 0; i < nquestions; i++)
		if (strcmp(questions[i].word, word) == 0)
			return &questions[i];
	assert_true(nquestions < COUNT(questions));
	snprintf(questions[nquestions].word, sizeof(questions[0].word), "%s", word);
	return &questions[nquestions++];
}

static bool defines(const char *text, const char *end, const char *word)
{
	char line[128];
	size_t len = (size_t)snprintf(line, sizeof(line), "#define %s", word);

	for (const char *p = text; (p = strstr(p, line)) && p < end; p += len)
		if ((p == text || p[-1] == '\n') && strchr(" (\n", p[len]))
			return true;
	return false;
}

/* Words in capitals are what is asked about; the others are `defined` and the like. */
static void check_condition(char *line, const char *text, const char *begin)
{
	char *rest, *word;

	for (word = strtok_r(line, " ()!|&", &rest); word; word = strtok_r(NULL, " ()!|&", &rest)) {
		struct question *question;

		if (!isupper((unsigned char)word[0]))
			continue;
		question = question_of(word);
		if (defines(begin, text + strlen(text), word))
			question->own = true;
		else
			*(defines(text, begin, word) ? &question->yes : &question->no) = true;
	}
}

static void check_questions(const struct job *job)
{
	struct source *s = source_of(job);
	struct error err = ERROR_INIT;
	const char *text, *begin;

	assert_non_null(s);
	assert_int_equal(source_text_whole(s, &text, &err), 0);
	/* The program begins with its licence, behind the defines. */
	begin = strstr(text, "SPDX-License-Identifier");
	assert_non_null(begin);
	for (const char *p = text; (p = strstr(p, "\n#")); p++) {
		char line[256];

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(p + 2, "\n"), p + 2);
		if (strncmp(line, "if", 2) == 0 || strncmp(line, "elif", 4) == 0)
			check_condition(line + strcspn(line, " "), text, begin);
	}
	source_free(s);
}

static bool is_listed(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

/* Whatever the programs ask about is answered with yes by one job and with no by another. */
static void test_all_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < njobs; i++)
		check_questions(&jobs[i]);
	for (size_t i = 0; i < nquestions; i++) {
		const struct question *q = &questions[i];
		bool open = !q->own && (!q->yes || !q->no);

		if (open != is_listed(suite.never, q->word))
			fail_msg("%s is asked about, and answered with%s%s", q->word,
				 q->yes ? " yes" : "", q->no ? " no" : "");
	}
	assert_true(nquestions > 10);
}

/* No program is forgotten. */
static void test_all_programs(void **state)
{
	static const char *const others[] = { "syscalls.bpf.c", "calls.bpf.c", "fork.bpf.c",
					      "openat.bpf.c",   "opens.bpf.c", NULL };

	(void)state;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strstr(f->path, ".bpf.c") && !is_listed(others, f->path))
			fail_msg("programs/%s belongs to no test", f->path);
	for (size_t p = 0; suite.programs[p]; p++) {
		size_t n = 0;

		for (size_t i = 0; i < njobs; i++)
			n += strcmp(jobs[i].program, suite.programs[p]) == 0;
		if (!n)
			fail_msg("programs/%s is not compiled", suite.programs[p]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_programs),
		cmocka_unit_test(test_all_answers),
		cmocka_unit_test(test_combinations),
	};

	setenv("PATH", "/usr/bin:/bin", 1);
	become_nobody();
	suite.add();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
