/* A preloaded library that writes down everything a program does to the files below one directory, and
 * what it answers on its sockets, in the order in which it happened. From this journal the tests build
 * the disks that a power cut could have left. It knows nothing of what the files mean.
 *
 *   SHIM_ROOT     the directory, as realpath(3) gives it
 *   SHIM_JOURNAL  the file that is written
 *
 * Every call that matters runs under one lock together with its record, so the order of the records is
 * the order of the calls. A change is recorded after it was made, an answer before it is sent: whatever
 * stands before an answer in the journal did happen before it. sync_file_range(2) is answered ENOSYS, as
 * the server's own filter does; copy_file_range(2) and sendfile(2) too, so that copies become writes.
 * Calls that do not go through the C library are not seen; a test compares the replayed journal with the
 * directory to show that there are none. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum op { WRITE = 1, SIZE, CREATE, RENAME, UNLINK, SYNC, SYNC_DIR, MKDIR, RMDIR, ANSWER };

struct record {
    uint32_t magic, op;
    uint64_t inode, offset;
    uint32_t path_bytes, data_bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_bytes;
static int journal = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *where = getenv("SHIM_ROOT"), *file = getenv("SHIM_JOURNAL");
    if (!where || !file || strlen(where) >= sizeof root) return;
    strcpy(root, where);
    root_bytes = strlen(root);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    journal = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, fd);
}

/* The lock must be held from here on to `leave`. errno survives. */
static void enter(void) { pthread_mutex_lock(&lock); }
static void leave(int error)
{
    pthread_mutex_unlock(&lock);
    errno = error;
}

static void note(enum op op, uint64_t inode, uint64_t offset, const char *path, const void *data, size_t bytes)
{
    struct record head = { 0x50435554, op, inode, offset, path ? (uint32_t)strlen(path) : 0, (uint32_t)bytes };
    struct iovec parts[3] = { { &head, sizeof head }, { (void *)path, head.path_bytes }, { (void *)data, bytes } };
    syscall(SYS_writev, journal, parts, 3);
}

/* The path below the root, or NULL. */
static const char *below(const char *path)
{
    if (journal < 0 || strncmp(path, root, root_bytes) != 0 || path[root_bytes] != '/') return NULL;
    return path + root_bytes + 1;
}

/* The path of a descriptor below the root, or NULL. */
static const char *path_of(int fd, char *buffer)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t bytes = readlink(link, buffer, PATH_MAX - 1);
    if (bytes <= 0) return NULL;
    buffer[bytes] = 0;
    return below(buffer);
}

/* The absolute path of a name, whose last part need not exist; NULL if it is not below the root. */
static const char *resolve(int dir, const char *name, char *buffer)
{
    char whole[PATH_MAX], parent[PATH_MAX];
    if (name[0] == '/') {
        if (snprintf(whole, sizeof whole, "%s", name) >= PATH_MAX) return NULL;
    } else {
        char base[PATH_MAX];
        if (dir == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return NULL;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
            ssize_t bytes = readlink(link, base, sizeof base - 1);
            if (bytes <= 0) return NULL;
            base[bytes] = 0;
        }
        if (snprintf(whole, sizeof whole, "%s/%s", base, name) >= PATH_MAX) return NULL;
    }
    char *slash = strrchr(whole, '/');
    const char *last = slash + 1;
    *slash = 0;
    if (!realpath(slash == whole ? "/" : whole, parent)) return NULL;
    if (snprintf(buffer, PATH_MAX, "%s/%s", parent, last) >= PATH_MAX) return NULL;
    return below(buffer);
}

static uint64_t inode_at(const char *path)
{
    char whole[2 * PATH_MAX];
    struct stat about;
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    return lstat(whole, &about) == 0 ? about.st_ino : 0;
}

/* What a descriptor is: 1 a file below the root, 2 a directory below it, 3 a socket, 0 anything else. */
static int kind_of(int fd, struct stat *about, char *buffer, const char **path)
{
    if (journal < 0 || fstat(fd, about) != 0) return 0;
    if (S_ISSOCK(about->st_mode)) return 3;
    if (!S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode)) return 0;
    *path = path_of(fd, buffer);
    if (!*path) return 0;
    return S_ISREG(about->st_mode) ? 1 : 2;
}

/* ---- writing ---- */

static void note_parts(enum op op, uint64_t inode, uint64_t offset, const struct iovec *parts, int count, size_t done)
{
    char *whole = malloc(done ? done : 1);
    size_t at = 0;
    for (int n = 0; n < count && at < done; n++) {
        size_t take = parts[n].iov_len < done - at ? parts[n].iov_len : done - at;
        memcpy(whole + at, parts[n].iov_base, take);
        at += take;
    }
    note(op, inode, offset, NULL, whole, at);
    free(whole);
}

static size_t total(const struct iovec *parts, int count)
{
    size_t sum = 0;
    for (int n = 0; n < count; n++) sum += parts[n].iov_len;
    return sum;
}

/* All kinds of writing come here; `offset` -1 is the descriptor's own. */
static ssize_t written(int fd, const struct iovec *parts, int count, off_t offset)
{
    char buffer[PATH_MAX];
    const char *path = NULL;
    struct stat about;
    int kind = kind_of(fd, &about, buffer, &path);
    if (kind != 1 && kind != 3) {
        return offset < 0 ? syscall(SYS_writev, fd, parts, count)
                          : syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L);
    }
    enter();
    if (kind == 3) note_parts(ANSWER, 0, 0, parts, count, total(parts, count));
    ssize_t done = offset < 0 ? syscall(SYS_writev, fd, parts, count)
                              : syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L);
    int error = errno;
    if (kind == 1 && done > 0) {
        off_t start = offset < 0 ? lseek(fd, 0, SEEK_CUR) - done : offset;
        note_parts(WRITE, about.st_ino, (uint64_t)start, parts, count, (size_t)done);
    }
    leave(error);
    return done;
}

ssize_t write(int fd, const void *data, size_t bytes)
{
    struct iovec part = { (void *)data, bytes };
    return written(fd, &part, 1, -1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return written(fd, parts, count, -1); }
ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset)
{
    struct iovec part = { (void *)data, bytes };
    return written(fd, &part, 1, offset);
}
ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset) { return pwrite64(fd, data, bytes, offset); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return written(fd, parts, count, offset); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return written(fd, parts, count, offset); }

ssize_t sendto(int fd, const void *data, size_t bytes, int flags, const struct sockaddr *to, socklen_t length)
{
    struct iovec part = { (void *)data, bytes };
    enter();
    if (journal >= 0) note_parts(ANSWER, 0, 0, &part, 1, bytes);
    ssize_t done = syscall(SYS_sendto, fd, data, bytes, flags, to, length);
    leave(errno);
    return done;
}
ssize_t send(int fd, const void *data, size_t bytes, int flags) { return sendto(fd, data, bytes, flags, NULL, 0); }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    enter();
    int count = (int)message->msg_iovlen;
    if (journal >= 0) note_parts(ANSWER, 0, 0, message->msg_iov, count, total(message->msg_iov, count));
    ssize_t done = syscall(SYS_sendmsg, fd, message, flags);
    leave(errno);
    return done;
}

int ftruncate64(int fd, off64_t length)
{
    char buffer[PATH_MAX];
    const char *path = NULL;
    struct stat about;
    int kind = kind_of(fd, &about, buffer, &path);
    enter();
    int result = (int)syscall(SYS_ftruncate, fd, length);
    int error = errno;
    if (result == 0 && kind == 1) note(SIZE, about.st_ino, (uint64_t)length, NULL, NULL, 0);
    leave(error);
    return result;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* Reserved space is zeros up to a size; when the file was longer already, nothing changes. */
int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    char buffer[PATH_MAX];
    const char *path = NULL;
    struct stat about;
    int kind = kind_of(fd, &about, buffer, &path);
    enter();
    int result = syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
    if (result == 0 && kind == 1 && about.st_size < offset + length)
        note(SIZE, about.st_ino, (uint64_t)(offset + length), NULL, NULL, 0);
    leave(0);
    return result;
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t bytes, unsigned flags)
{
    (void)in, (void)from, (void)out, (void)to, (void)bytes, (void)flags;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t bytes)
{
    (void)in, (void)from, (void)out, (void)bytes;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int out, int in, off_t *from, size_t bytes) { return sendfile64(out, in, from, bytes); }

/* ---- syncing ---- */

static int synced(int fd, long call)
{
    char buffer[PATH_MAX];
    const char *path = NULL;
    struct stat about;
    int kind = kind_of(fd, &about, buffer, &path);
    enter();
    int result = (int)syscall(call, fd);
    int error = errno;
    if (result == 0 && kind == 1) note(SYNC, about.st_ino, 0, NULL, NULL, 0);
    if (result == 0 && kind == 2) note(SYNC_DIR, about.st_ino, 0, path, NULL, 0);
    leave(error);
    return result;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned flags)
{
    (void)fd, (void)offset, (void)bytes, (void)flags;
    errno = ENOSYS;
    return -1;
}

/* ---- names ---- */

static int opened(int dir, const char *name, int flags, mode_t mode)
{
    char buffer[PATH_MAX];
    struct stat about;
    enter();
    const char *path = (flags & (O_CREAT | O_TRUNC)) ? resolve(dir, name, buffer) : NULL;
    uint64_t before = path ? inode_at(path) : 0;
    int fd = (int)syscall(SYS_openat, dir, name, flags, mode);
    int error = errno;
    if (fd >= 0 && path && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        if (before == 0) note(CREATE, about.st_ino, 0, path, NULL, 0);
        else if (flags & O_TRUNC) note(SIZE, about.st_ino, 0, NULL, NULL, 0);
    }
    leave(error);
    return fd;
}

#define MODE(flags, last)                                                                        \
    mode_t mode = 0;                                                                             \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                     \
        va_list list;                                                                            \
        va_start(list, last);                                                                    \
        mode = va_arg(list, mode_t);                                                             \
        va_end(list);                                                                            \
    }

int open(const char *name, int flags, ...) { MODE(flags, flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags, flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags, flags) return opened(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags, flags) return opened(dir, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

static int renamed(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    enter();
    const char *old = resolve(from_dir, from, from_buffer), *new = resolve(to_dir, to, to_buffer);
    uint64_t inode = old ? inode_at(old) : 0;
    int result = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    int error = errno;
    if (result == 0 && old && new) note(RENAME, inode, 0, old, new, strlen(new));
    leave(error);
    return result;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int fd, const char *from, int td, const char *to) { return renamed(fd, from, td, to, 0); }
int renameat2(int fd, const char *from, int td, const char *to, unsigned flags) { return renamed(fd, from, td, to, flags); }

static int removed(int dir, const char *name, int flags)
{
    char buffer[PATH_MAX];
    enter();
    const char *path = resolve(dir, name, buffer);
    uint64_t inode = path ? inode_at(path) : 0;
    int result = (int)syscall(SYS_unlinkat, dir, name, flags);
    int error = errno;
    if (result == 0 && path) note(flags & AT_REMOVEDIR ? RMDIR : UNLINK, inode, 0, path, NULL, 0);
    leave(error);
    return result;
}

int unlink(const char *name) { return removed(AT_FDCWD, name, 0); }
int unlinkat(int dir, const char *name, int flags) { return removed(dir, name, flags); }
int rmdir(const char *name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int dir, const char *name, mode_t mode)
{
    char buffer[PATH_MAX];
    enter();
    const char *path = resolve(dir, name, buffer);
    int result = (int)syscall(SYS_mkdirat, dir, name, mode);
    int error = errno;
    if (result == 0 && path) note(MKDIR, 0, 0, path, NULL, 0);
    leave(error);
    return result;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }
