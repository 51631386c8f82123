/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of a file that has been opened, or of the directory that the path of a failed open
 * starts from: from the innermost to the root of the process.
 *
 * The kernel knows which file a descriptor stands for. The text in the program's memory only says
 * what was asked for, and another thread can have rewritten it by the time the call returns.
 *
 * Contract: path_read.bpf.h supplies the buffer, in which a path has been read.
 */

#define O_ACCMODE_ 3
#define O_PATH_ 010000000

#define MOUNT_OF(at) ((struct mount *)((at) - __builtin_offsetof(struct mount, mnt)))

static inline void place_read(struct place *place, struct path *path)
{
	place->mount = (u64)READ_COPY(path, mnt);
	place->dentry = (u64)READ_COPY(path, dentry);
}

/* The struct file behind one of the process's descriptors; 0: there is none. */
static inline struct file *file_of(u32 fd)
{
	struct files_struct *files = READ_COPY((struct task_struct *)bpf_get_current_task(), files);
	struct fdtable *table = READ_COPY(files, fdt);
	struct file *file = 0, **all;

	if (fd >= READ_COPY(table, max_fds))
		return 0;
	all = READ_COPY(table, fd);
	bpf_probe_read_kernel(&file, sizeof(file), all + fd);
	return file;
}

/* a == b, as 1 or 0, without a branch that clang could make of it. */
static inline u64 is_equal(u64 a, u64 b)
{
	u64 x = a ^ b, y;

	HIDE_FROM_CLANG(x);
	y = -x;
	HIDE_FROM_CLANG(y);
	return (x | y) >> 63 ^ 1;
}

/* condition ? yes : no, without a branch; @condition is 1 or 0 */
static inline u64 choose(u64 condition, u64 yes, u64 no)
{
	u64 mask = -condition;

	HIDE_FROM_CLANG(mask);
	return (yes & mask) | (no & ~mask);
}

/*
 * condition ? mark : 0, for a mark of one bit; @condition is 1 or 0. A product, since a mask that
 * is 0 or -1 makes newer verifiers walk both.
 */
static inline u64 mark_if(u64 condition, u64 mark)
{
	HIDE_FROM_CLANG(condition);
	HIDE_FROM_CLANG(mark);
	return condition * mark;
}

/*
 * One step outwards. Return: 0 when there is another step to take. In plain C:
 *
 *	if (here == root)
 *		return 1, and the directory is whole;
 *	if (here is the root of its mount) {
 *		if (the mount is mounted nowhere)
 *			return 1;
 *		here = what it is mounted on;
 *	} else {
 *		append the name of here;
 *		here = its parent;
 *	}
 *	return there is no room for another name;
 *
 * The verifier walks each path through this for each step that there can be, and forgets that it
 * has been there. So there is one path: in each step the same is read, and masks choose. What
 * changes is in the buffer, where it may be anything.
 */
static inline u64 add_name(struct open_buffer *buffer, u64 begin)
{
	struct open_text *text = &buffer->event.text;
	struct dentry *dentry = (struct dentry *)buffer->here.dentry;
	struct vfsmount *mount = (struct vfsmount *)buffer->here.mount;
	struct mount *under = MOUNT_OF(buffer->here.mount);
	u64 parent = (u64)READ_COPY(dentry, d_parent);
	u64 above = (u64)READ_COPY(under, mnt_parent);
	u64 at_root = is_equal((u64)dentry, buffer->root.dentry) &
		      is_equal((u64)mount, buffer->root.mount);
	u64 at_top = is_equal((u64)dentry, parent) |
		     is_equal((u64)dentry, (u64)READ_COPY(mount, mnt_root));
	u64 is_whole = at_root | (at_top & (is_equal(above, (u64)under) | is_equal(above, 0)));
	u64 size = text->dir_size & (OPEN_DIR_MAX - 1), n, is_name;

	n = bpf_probe_read_kernel_str(buffer->bytes + begin + size, NAME_SIZE,
				      READ_COPY(dentry, name));
	/* Not an error, which is negative, nor nothing. */
	is_name = (n - 1) >> 63 ^ 1;
	size += n & (NAME_SIZE * 2 - 1) & -(is_name & (at_top ^ 1) & (is_whole ^ 1));
	text->dir_size = size;
	buffer->here.dentry = choose(at_top, (u64)READ_COPY(under, mnt_mountpoint), parent);
	buffer->here.mount =
		choose(at_top, above + __builtin_offsetof(struct mount, mnt), (u64)mount);
	/* Outer names are missing where a file system is not mounted below the root. */
	text->marks &= ~(mark_if(at_root, OPEN_DIR_CUT) | mark_if(is_whole, OPEN_DIR_LOST));
	return is_whole | ((at_top ^ 1) & (is_name ^ 1)) | (OPEN_DIR_MAX - NAME_SIZE - size) >> 63;
}

/* Names from a place outwards to the root. */
static inline void add_names(struct open_buffer *buffer)
{
	u64 begin;

	buffer->event.text.dir_size = 0;
	buffer->event.text.marks |= OPEN_HAS_DIR | OPEN_DIR_CUT | OPEN_DIR_LOST;
	HIDE_MEMORY_FROM_CLANG();
	/* At most OPEN_PATH_MAX, in fewer words. */
	begin = buffer->event.text.path_size & (OPEN_PATH_MAX * 2 - 1);
	for (int i = 0; i < OPEN_DIR_DEPTH; i++) {
		HIDE_MEMORY_FROM_CLANG();
		if (add_name(buffer, begin))
			break;
	}
}

/* Did the open end with a descriptor? */
static inline int has_descriptor(const struct open_buffer *buffer)
{
	return buffer->event.ret >= 0 &&
	       !(buffer->event.text.marks & (OPEN_NO_ARGS | OPEN_NO_RESULT | OPEN_RING_SLOT));
}

/* Flags that an open file keeps, and that fcntl(2) cannot change. */
static inline u32 lasting_flags(u32 flags)
{
	return flags & O_PATH_ ? O_PATH_ : flags & O_ACCMODE_;
}

/* The flags of openat2 come from memory that the program can have rewritten. */
static inline int are_flags_known(u16 call)
{
#if OPEN_ALL
	switch (call) {
		OPENAT2_SLOTS
		return 0;
	}
#endif
	return 1;
}

/*
 * The file that has been opened. Return: 0: another thread has closed the descriptor already, or
 * has put another file there, as far as its flags tell.
 */
static inline struct file *opened_file(const struct open_buffer *buffer)
{
	struct file *file = file_of(buffer->event.ret);

	if (!file || !are_flags_known(buffer->event.call))
		return file;
	if (lasting_flags(READ_COPY(file, f_flags)) != lasting_flags(buffer->event.flags))
		return 0;
	return file;
}

/* Does the path start from a directory? An empty path, and one not known, start nowhere. */
static inline int is_relative(const struct open_buffer *buffer)
{
	if (buffer->event.text.path_size <= 1)
		return 0;
	return buffer->bytes[0] != '/' || (buffer->event.text.marks & OPEN_IN_ROOT);
}

/* Where a path starts from. Return: a struct path, or 0. */
static inline u64 directory_of(const struct open_buffer *buffer, struct fs_struct *fs)
{
	struct file *file;

	if (!is_relative(buffer) || (buffer->event.text.marks & OPEN_HAS_DIR))
		return 0;
	if (buffer->event.dirfd == AT_FDCWD_)
		return (u64)ADDRESS(fs, pwd);
	file = file_of(buffer->event.dirfd);
	return file ? (u64)ADDRESS(file, f_path) : 0;
}

/* The path of the file that has been opened. Return: a struct path, or 0. */
static inline u64 opened_path(struct open_buffer *buffer)
{
	struct file *file;

	if (!has_descriptor(buffer))
		return 0;
	file = opened_file(buffer);
	if (!file) {
		drop_count(DROP_UNREAD);
		return 0;
	}
	buffer->event.text.marks |= OPEN_RESOLVED;
	return (u64)ADDRESS(file, f_path);
}

/* The names of the file at `begin`, or else of the directory of a relative path. */
static inline void add_file_names(struct open_buffer *buffer)
{
	struct fs_struct *fs = READ_COPY((struct task_struct *)bpf_get_current_task(), fs);

	/* Through memory, where it may be anything. */
	HIDE_MEMORY_FROM_CLANG();
	if (!FULL_PATH_IF_UNSURE && !buffer->begin)
		buffer->begin = directory_of(buffer, fs);
	HIDE_MEMORY_FROM_CLANG();
	if (!buffer->begin)
		return;
	place_read(&buffer->root, ADDRESS(fs, root));
	place_read(&buffer->here, (struct path *)buffer->begin);
	add_names(buffer);
}
