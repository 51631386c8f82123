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

#define MOUNT_OF(at) ((struct mount *)((at) - __builtin_offsetof(struct mount, mnt)))

static inline void place_read(struct place *place, struct path *path)
{
	place->mount = (u64)READ_COPY(path, mnt);
	place->dentry = (u64)READ_COPY(path, dentry);
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

/* What the call asked for says nothing against the file. */
static inline int may_be_file(struct file *file, const struct open_buffer *buffer)
{
	return buffer->event.flags == OPEN_FLAGS_UNKNOWN ||
	       lasting_flags(READ_COPY(file, f_flags)) == lasting_flags(buffer->event.flags);
}

/*
 * The file that has been opened. Return: 0: another thread has closed the descriptor already, or
 * has put another file there, as far as its flags tell.
 */
static inline struct file *opened_file(const struct open_buffer *buffer)
{
	struct file *file = file_of(buffer->event.ret);

	return file && may_be_file(file, buffer) ? file : 0;
}

/* Does the path start from a directory? An empty path, and one not known, start nowhere. */
static inline int is_relative(const struct open_buffer *buffer)
{
	if (buffer->event.text.path_size <= 1)
		return 0;
	return buffer->bytes[0] != '/' || (buffer->event.text.marks & OPEN_IN_ROOT);
}

/* The directory that a descriptor of the process stands for. Return: a struct path, or 0. */
static inline u64 directory_of(s32 dirfd, struct fs_struct *fs)
{
	struct file *file;

	if (dirfd == AT_FDCWD_)
		return (u64)ADDRESS(fs, pwd);
	file = file_of(dirfd);
	return file ? (u64)ADDRESS(file, f_path) : 0;
}

static inline struct fs_struct *current_fs(void)
{
	return READ_COPY((struct task_struct *)bpf_get_current_task(), fs);
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

/* Where the names begin: at the file in `begin`, or else at the directory of a relative path. */
static inline void read_begin(struct open_buffer *buffer)
{
	struct fs_struct *fs = current_fs();

	buffer->here.mount = buffer->here.dentry = 0;
	/* Through memory, where it may be anything. */
	HIDE_MEMORY_FROM_CLANG();
	if (!FULL_PATH_IF_UNSURE && !buffer->begin && is_relative(buffer) &&
	    !(buffer->event.text.marks & OPEN_HAS_DIR))
		buffer->begin = directory_of(buffer->event.dirfd, fs);
	HIDE_MEMORY_FROM_CLANG();
	if (!buffer->begin)
		return;
	place_read(&buffer->root, ADDRESS(fs, root));
	place_read(&buffer->here, (struct path *)buffer->begin);
}

static inline void add_names_if_any(struct open_buffer *buffer)
{
	if (buffer->begin)
		add_names(buffer);
}

/* Does a relative path start from elsewhere by now? @from: where it did before */
static inline int has_moved(const struct open_buffer *buffer, const struct place *from)
{
	struct place now = {};
	u64 begin;

	if (!is_relative(buffer))
		return 0;
	begin = directory_of(buffer->event.dirfd, current_fs());
	if (begin)
		place_read(&now, (struct path *)begin);
	return now.mount != from->mount || now.dentry != from->dentry;
}
