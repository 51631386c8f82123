/* SPDX-License-Identifier: MIT */
/* A helper process and the channel to it. See helper_process.h. */
#define _GNU_SOURCE
#include "helper_process.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"

int helper_fork(struct helper_process *helper, int *channelp)
{
	cleanup_close int own = -1, childs = -1;
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	own = ends[0];
	childs = ends[1];
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		*channelp = steal_fd(&childs);
		return 0;
	}
	helper->pid = child;
	helper->channel = steal_fd(&own);
	return 1;
}

int helper_send(const struct helper_process *helper, const void *message, size_t size)
{
	ssize_t n;

	do
		n = write(helper->channel, message, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : -EPIPE;
}

int helper_receive(const struct helper_process *helper, void *message, size_t size)
{
	ssize_t n;

	do
		n = read(helper->channel, message, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : -EPIPE;
}

/* Room for one descriptor beside a message. */
union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int helper_receive_descriptor(const struct helper_process *helper, void *message, size_t size,
			      int *fdp)
{
	union control control = { .bytes = { 0 } };
	struct iovec part = { .iov_base = message, .iov_len = size };
	struct msghdr head = { .msg_iov = &part,
			       .msg_iovlen = 1,
			       .msg_control = &control,
			       .msg_controllen = sizeof(control) };
	struct cmsghdr *beside;
	ssize_t n;

	*fdp = -1;
	do
		n = recvmsg(helper->channel, &head, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	beside = n < 0 ? NULL : CMSG_FIRSTHDR(&head);
	if (beside && beside->cmsg_level == SOL_SOCKET && beside->cmsg_type == SCM_RIGHTS)
		memcpy(fdp, CMSG_DATA(beside), sizeof(*fdp));
	return n == (ssize_t)size ? 0 : -EPIPE;
}

int helper_answer_descriptor(int channel, const void *message, size_t size, int fd)
{
	union control control = { .bytes = { 0 } };
	struct iovec part = { .iov_base = (void *)(uintptr_t)message, .iov_len = size };
	struct msghdr head = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(fd)),
						 .cmsg_level = SOL_SOCKET,
						 .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
		head.msg_control = &control;
		head.msg_controllen = sizeof(control);
	}
	return sendmsg(channel, &head, 0) == (ssize_t)size ? 0 : -EPIPE;
}

void helper_stop(struct helper_process *helper)
{
	if (helper->pid <= 0)
		return;
	close(steal_fd(&helper->channel));
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	helper->pid = 0;
}

void helper_forget(struct helper_process *helper)
{
	if (helper->pid > 0)
		close(steal_fd(&helper->channel));
	helper->pid = 0;
}
