/* SPDX-License-Identifier: MIT */
/*
 * A helper process and the channel to it: a socket that keeps messages whole. The helper ends when
 * the other end of its channel is closed. See inspector.h for helpers that answer questions, and
 * app/subview.h for one that runs views.
 */
#ifndef HELPER_PROCESS_H
#define HELPER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/**
 * struct helper_process
 * @pid:     0: there is none
 * @channel: to it; -1
 */
struct helper_process {
	pid_t pid;
	int channel;
};

#define HELPER_PROCESS_INIT                                                                        \
	{                                                                                          \
		.channel = -1                                                                      \
	}

/**
 * helper_fork() - fork a helper
 * @channelp: set in the helper: its end of the channel
 *
 * Return: in the helper 0, and in this process 1; or negative errno.
 */
int helper_fork(struct helper_process *helper, int *channelp);

/** helper_send() - send a message. Return: 0, or -EPIPE: the helper did not get it whole. */
int helper_send(const struct helper_process *helper, const void *message, size_t size);

/** helper_receive() - wait for a message. Return: 0, or -EPIPE: no message of this size came. */
int helper_receive(const struct helper_process *helper, void *message, size_t size);

/**
 * helper_receive_descriptor() - wait for a message that a descriptor may come with
 * @fdp: set to the descriptor, for the caller to close; -1: none came
 *
 * Return: as helper_receive().
 */
int helper_receive_descriptor(const struct helper_process *helper, void *message, size_t size,
			      int *fdp);

/**
 * helper_answer_descriptor() - in the helper: send a message and a descriptor
 * @channel: the helper's end of it
 * @fd:      a copy of it goes along; negative: none
 *
 * Return: 0 or -EPIPE.
 */
int helper_answer_descriptor(int channel, const void *message, size_t size, int fd);

/** helper_stop() - close the channel and wait until the helper has ended. Fine when there is none.
 */
void helper_stop(struct helper_process *helper);

/** helper_forget() - in another child: it is none of its own. */
void helper_forget(struct helper_process *helper);

#endif
