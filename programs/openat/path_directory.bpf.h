/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory that a relative path starts from: its names, from the innermost to the root of the
 * process.
 *
 * Contract: path_read.bpf.h supplies the buffer, in which a path has been read.
 */

/* A file's name with its NUL. */
#define NAME_SIZE 256

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
	text->marks &= ~(OPEN_DIR_CUT & -at_root);
	return is_whole | ((at_top ^ 1) & (is_name ^ 1)) | (OPEN_DIR_MAX - NAME_SIZE - size) >> 63;
}

/* Names from a place outwards to the root. */
static inline void add_names(struct open_buffer *buffer)
{
	u64 begin;

	buffer->event.text.marks |= OPEN_HAS_DIR | OPEN_DIR_CUT;
	HIDE_MEMORY_FROM_CLANG();
	/* At most OPEN_PATH_MAX, in fewer words. */
	begin = buffer->event.text.path_size & (OPEN_PATH_MAX * 2 - 1);
	for (int i = 0; i < OPEN_DIR_DEPTH; i++) {
		HIDE_MEMORY_FROM_CLANG();
		if (add_name(buffer, begin))
			break;
	}
}

/*
 * The directory that a relative path starts from, or the file that a call without a path has
 * opened.
 * @opened: its descriptor; negative: there is none
 */
static inline void add_dir(struct open_buffer *buffer, s32 dirfd, s64 opened)
{
	struct fs_struct *fs = READ_COPY((struct task_struct *)bpf_get_current_task(), fs);
	struct path *path;
	struct file *file;

	/* An empty path, and one that could not be read, start nowhere. */
	if (buffer->event.text.path_size
		    ? buffer->event.text.path_size == 1 || buffer->bytes[0] == '/'
		    : opened < 0)
		return;
	path = ADDRESS(fs, pwd);
	if (!buffer->event.text.path_size || dirfd != AT_FDCWD_) {
		file = file_of(buffer->event.text.path_size ? dirfd : opened);
		if (!file)
			return;
		path = ADDRESS(file, f_path);
	}
	if (!buffer->event.text.path_size) {
		buffer->bytes[0] = 0;
		buffer->event.text.path_size = 1;
	}
	place_read(&buffer->root, ADDRESS(fs, root));
	place_read(&buffer->here, path);
	add_names(buffer);
}
