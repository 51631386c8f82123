/* SPDX-License-Identifier: MIT */
/*
 * Do the jobs of test_combinations_*.c leave no part of a program out? Parts are left out by
 * conditionals, which ask about words that a plan may define. Each such word has to be defined by
 * one job and not by another.
 */
#define _GNU_SOURCE
#include "combinations.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"

/* A word that conditionals ask about. @yes, @no: a job answers so */
struct question {
	char word[64];
	bool yes, no;
};

static struct question questions[256];
static size_t nquestions;
static const char *programs[16];
static size_t nprograms;

static bool is_listed(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count && list[i]; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static bool is_word_at(const char *at, const char *word)
{
	size_t len = strlen(word);

	return strncmp(at, word, len) == 0 && !isalnum((unsigned char)at[len]) && at[len] != '_';
}

/* The first line that defines the word; NULL: there is none. */
static const char *find_define(const char *text, const char *word)
{
	for (const char *p = text; (p = strstr(p, "#define ")); p++)
		if ((p == text || p[-1] == '\n') && is_word_at(p + strlen("#define "), word))
			return p;
	return NULL;
}

/* The next conditional at or behind @p; NULL: there is none. @line: its text, without directive */
static const char *next_conditional(const char *p, char *line, size_t size)
{
	for (; (p = strstr(p, "\n#")); p++) {
		snprintf(line, size, "%.*s", (int)strcspn(p + 2, "\n"), p + 2);
		if (strncmp(line, "if", 2) != 0 && strncmp(line, "elif", 4) != 0)
			continue;
		memset(line, ' ', strcspn(line, " "));
		return p;
	}
	return NULL;
}

/* Words in capitals are what is asked about; the others are `defined` and the like. */
static char *next_word(char *line, char **rest)
{
	char *word = strtok_r(line, " ()!|&=<>", rest);

	while (word && !isupper((unsigned char)word[0]))
		word = strtok_r(NULL, " ()!|&=<>", rest);
	return word;
}

static const char *first_question(const char *text, const char *word)
{
	char line[256], *rest;

	for (const char *p = text; (p = next_conditional(p, line, sizeof(line))); p++)
		for (char *w = next_word(line, &rest); w; w = next_word(NULL, &rest))
			if (strcmp(w, word) == 0)
				return p;
	return NULL;
}

/*
 * Does one file of programs/ answer it for those it includes, or those that include it? A file that
 * defines a word only after it has asked for it gives it a default, and the plan answers.
 */
static bool is_answered_by_programs(const char *word)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		const char *defined = find_define(f->text, word);
		const char *asked = first_question(f->text, word);

		if (defined && (!asked || defined < asked))
			return true;
	}
	return strlen(word) > 2 && strcmp(word + strlen(word) - 2, "_H") == 0;
}

static struct question *question_of(const char *word)
{
	for (size_t i = 0; i < nquestions; i++)
		if (strcmp(questions[i].word, word) == 0)
			return &questions[i];
	assert_true(nquestions < COUNT(questions));
	snprintf(questions[nquestions].word, sizeof(questions[0].word), "%s", word);
	return &questions[nquestions++];
}

/* The value 0 is a no. */
static bool answers_yes(const char *defines, const char *word)
{
	const char *define = find_define(defines, word);

	return define && strcspn(define + strlen("#define ") + strlen(word), "\n") &&
	       strncmp(define + strlen("#define ") + strlen(word), " 0\n", 3) != 0;
}

/* @name: "programs/" and the embedded file's path */
static void note_program(const char *name)
{
	const struct embedded_file *f = embedded_files;

	while (f->path && strcmp(f->path, name + strlen("programs/")) != 0)
		f++;
	assert_non_null(f->path);
	if (is_listed(programs, nprograms, f->path))
		return;
	assert_true(nprograms < COUNT(programs));
	programs[nprograms++] = f->path;
}

static void note_questions(const struct job *job)
{
	struct plan plan = { .source = NULL };
	struct error err = ERROR_INIT;
	char line[256], *rest, *defines, *begin;
	const char *text;

	assert_int_equal(job_plan(job, &plan, &err), 0);
	assert_int_equal(program_text_whole(plan.source, &text, &err), 0);
	/* The program begins with its licence, behind the defines. */
	begin = strstr(text, "SPDX-License-Identifier");
	assert_non_null(begin);
	defines = strndup(text, (size_t)(begin - text));
	for (const char *p = begin; (p = next_conditional(p, line, sizeof(line))); p++)
		for (char *word = next_word(line, &rest); word; word = next_word(NULL, &rest))
			*(answers_yes(defines, word) ? &question_of(word)->yes
						     : &question_of(word)->no) = true;
	note_program(program_text_name(plan.source));
	free(defines);
	program_text_free(plan.source);
}

/* Whatever the programs ask about is answered with yes by one job and with no by another. */
void test_all_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < nquestions; i++) {
		const struct question *q = &questions[i];

		if ((!q->yes || !q->no) && !is_answered_by_programs(q->word) &&
		    !is_listed(suite.other_words, SIZE_MAX, q->word))
			fail_msg("%s is asked about, and answered with%s%s", q->word,
				 q->yes ? " yes" : "", q->no ? " no" : "");
	}
	assert_true(nquestions > 10);
}

/* No program is forgotten: jobs compile each that the tool's folder has, and no other. */
void test_all_programs(void **state)
{
	size_t compiled = 0;

	(void)state;
	jobs_each(note_questions);
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		if (strncmp(f->path, suite.folder, strlen(suite.folder)) != 0 ||
		    !strstr(f->path, ".bpf.c"))
			continue;
		if (!is_listed(programs, nprograms, f->path))
			fail_msg("programs/%s is not compiled", f->path);
		compiled++;
	}
	assert_int_equal(compiled, nprograms);
}
