/* SPDX-License-Identifier: MIT */
/* A tree of processes, made of records as the kernel sends them. The command is process 10. */
#ifndef FORK_TREE_H
#define FORK_TREE_H

#include "fork_records.h"
#include "process_tree.h"

static inline struct process_tree *begin(void)
{
	struct process_tree *tree = NULL;

	assert_int_equal(process_tree_new(&tree, 10), 0);
	return tree;
}

static inline void fork_(struct process_tree *tree, uint64_t time_ns, uint32_t pid, uint32_t ppid,
			 const char *comm)
{
	struct fork_birth birth = birth_of(time_ns, pid, ppid, comm);

	assert_int_equal(process_tree_note(tree, &birth.head, sizeof(birth)), 0);
}

/* @args: each ended by a NUL, the last by the literal's own; @size without that of the literal */
static inline void exec_(struct process_tree *tree, uint64_t time_ns, uint32_t pid,
			 const char *args, size_t size, int32_t ret)
{
	struct fork_exec *exec = malloc(sizeof(*exec) + sizeof("/path") + size);

	assert_non_null(exec);
	*exec = (struct fork_exec){ .head = head_of(FORK_EXEC, time_ns, pid, 1, "x"),
				    .args_size = (uint32_t)size,
				    .args_read = (uint32_t)size,
				    .path_size = sizeof("/path"),
				    .ret = ret };
	memcpy(exec->data, "/path", sizeof("/path"));
	memcpy(exec->data + sizeof("/path"), args, size);
	assert_int_equal(
		process_tree_note(tree, &exec->head, sizeof(*exec) + sizeof("/path") + size), 0);
	free(exec);
}
#define EXEC(tree, time_ns, pid, args) exec_(tree, time_ns, pid, args, sizeof(args), 0)

static inline void exit_(struct process_tree *tree, uint64_t time_ns, uint32_t pid,
			 uint64_t lifetime_ns, uint32_t status)
{
	struct fork_exit_usage end = end_of(time_ns, pid, "x", lifetime_ns, status);

	assert_int_equal(process_tree_note(tree, &end.exit.head, sizeof(end)), 0);
}

#endif
