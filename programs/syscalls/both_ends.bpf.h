/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both ends of a call, where its beginning is seen: which call it is, and whether it may count.
 *
 * What decides for most calls comes first.
 */
#include "syscalls/exits.bpf.h"

#include "lib/in_flight.bpf.h"

/* 1: what a filter asks for can change while a call lasts. */
#ifndef FILTER_CHANGES
#define FILTER_CHANGES 0
#endif

/* Return: the slot of a call that begins; -1: it need not be remembered. */
static inline int slot_to_remember(s64 number)
{
	int slot;

	if (SELECT && is_unselected_number(number))
		return -1;
	slot = slot_entered(number);
	if (SELECT && !is_selected(slot) && !is_maker(slot))
		return -1;
	if (FILTERS_TASKS && !filter_passes())
		return -1;
	if (HOLD_COMMAND && still_held(slot))
		return -1;
	return slot;
}

/* Return: the slot of a call that returns; -1: it does not count. *@start: its beginning, or 0. */
static inline int slot_to_end(struct syscall_regs *regs, s64 number, s64 result, call_start **start)
{
	int slot;

	if (SELECT && !SELECT_MAKERS && is_unselected_number(number))
		return -1;
	slot = slot_returned(regs, number, result);
	if (HOLD_COMMAND)
		hold_ends(slot);
	if (FILTERS_TASKS && !FILTER_CHANGES && !filter_passes())
		return -1;
	*start = started_get();
	return started_slot(*start, slot);
}

/* Does it count, now that it is over in any case? The filter's answer may be another by now. */
static inline int is_wanted_at_end(int slot)
{
	if (SELECT && !is_selected(slot))
		return 0;
	return !(FILTERS_TASKS && FILTER_CHANGES && !filter_passes());
}

/* A thread that has an entry has made a call before, so it does not return as a new one. */
static inline int is_new_thread(int slot, s64 result, call_start *start)
{
	return result == 0 && is_child_of(slot) && !start;
}
