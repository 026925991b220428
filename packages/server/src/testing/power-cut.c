/*
 * Makes kill -9 behave like a power cut, for one process and its databases.
 *
 * What a program writes lies in the kernel's memory until it is synced, and
 * survives the death of the program, but not of the machine. Preloaded into a
 * process (LD_PRELOAD), this keeps the writes to its databases in the memory
 * of the process instead, and lets them reach the file at fsync or fdatasync
 * only. SIGKILL then takes exactly what a power cut could have taken. The
 * process reads back what it wrote, and notices nothing.
 *
 * Environment:
 *   POWER_CUT_WRITES_BACK=1  now and then some of the oldest writes reach the
 *                            file unasked, as a kernel does when it likes
 *   POWER_CUT_TORN_BY=F      makes a pipe F: a number written to it cuts the power,
 *                            at once or in the middle of one of the next commits,
 *                            and a part of what is not synced has reached the
 *                            disk; the number is the seed of both
 *   POWER_CUT_FULL_WHEN=F    while the file F exists, the disk is full
 *   POWER_CUT_BROKEN_WHEN=F  while the file F exists, no sync succeeds
 *
 * It covers what SQLite on Linux does to the files *.db, *.db-wal and
 * *.db-journal: pwrite, pread, fstat, ftruncate, fsync, fdatasync, unlink. The
 * -shm file is mapped memory, which is rebuilt from the log after a crash. The
 * making and renaming of files is not modelled.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct held_write {
  struct held_write *next;
  off_t offset;
  size_t size;
  char data[];
};

/* The writes to one file that have not been synced, oldest first. */
struct held_file {
  struct held_file *next;
  dev_t device;
  ino_t inode;
  /* A way to it of our own, never closed: that would end SQLite's locks. */
  int way;
  struct held_write *first;
  struct held_write *last;
  size_t count;
  /* How long the file is with them. */
  off_t length;
};

static struct held_file *files;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *full_when;
static const char *broken_when;
static int writes_back;
static uint64_t torn_seed;
/* So many writes until the power goes; none when it stays. */
static size_t writes_left;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_fstat)(int, struct stat *);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);

static void *wait_for_cut(void *pipe);

__attribute__((constructor)) static void start(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_fstat = dlsym(RTLD_NEXT, "fstat64");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  full_when = getenv("POWER_CUT_FULL_WHEN");
  broken_when = getenv("POWER_CUT_BROKEN_WHEN");
  writes_back = getenv("POWER_CUT_WRITES_BACK") != NULL;
  srand((unsigned)getpid());
  char *torn_by = getenv("POWER_CUT_TORN_BY");
  pthread_t waiting;
  if (torn_by != NULL && mkfifo(torn_by, 0600) == 0)
    pthread_create(&waiting, NULL, wait_for_cut, torn_by);
}

static int is_now(const char *file) {
  return file != NULL && access(file, F_OK) == 0;
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text);
  size_t wanted = strlen(end);
  return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static int is_database(int fd) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return ends_with(path, ".db") || ends_with(path, ".db-wal") ||
         ends_with(path, ".db-journal");
}

/* Call with the lock held, like everything down to the interposed functions. */
static struct held_file *find(dev_t device, ino_t inode) {
  struct held_file *file = files;
  while (file && (file->device != device || file->inode != inode))
    file = file->next;
  return file;
}

static struct held_file *find_open(int fd) {
  struct stat found;
  if (real_fstat(fd, &found) != 0) return NULL;
  return find(found.st_dev, found.st_ino);
}

static struct held_file *find_or_add(int fd) {
  struct stat found;
  if (real_fstat(fd, &found) != 0) return NULL;
  struct held_file *file = find(found.st_dev, found.st_ino);
  if (file) return file;
  file = calloc(1, sizeof *file);
  file->device = found.st_dev;
  file->inode = found.st_ino;
  file->way = dup(fd);
  file->next = files;
  files = file;
  return file;
}

/*
 * Takes the oldest writes off the list, into the file or, without fd, away. A
 * write that the disk refuses stays, and -1 says so: a sync that swallowed it
 * would call stored what is not there.
 */
static int let_go(struct held_file *file, int fd, size_t count) {
  while (count > 0 && file->first) {
    struct held_write *oldest = file->first;
    if (fd >= 0 && oldest->size > 0 &&
        real_pwrite(fd, oldest->data, oldest->size, oldest->offset) !=
            (ssize_t)oldest->size)
      return -1;
    file->first = oldest->next;
    file->count -= 1;
    count -= 1;
    free(oldest);
  }
  if (file->first) return 0;
  file->last = NULL;
  file->length = 0;
  return 0;
}

static void hold(struct held_file *file, const void *data, size_t size,
                 off_t offset) {
  struct held_write *write = malloc(sizeof *write + size);
  write->next = NULL;
  write->offset = offset;
  write->size = size;
  memcpy(write->data, data, size);
  if (file->last)
    file->last->next = write;
  else
    file->first = write;
  file->last = write;
  file->count += 1;
  if (offset + (off_t)size > file->length) file->length = offset + (off_t)size;
}

/* Lays the held writes over what was read from the file itself. */
static ssize_t overlay(const struct held_file *file, char *into, size_t size,
                       off_t offset, ssize_t got) {
  off_t readable = file->length - offset;
  if (readable > (off_t)size) readable = (off_t)size;
  if (readable > got) {
    memset(into + got, 0, (size_t)(readable - got));
    got = readable;
  }
  off_t until = offset + (off_t)size;
  for (struct held_write *one = file->first; one; one = one->next) {
    off_t from = one->offset > offset ? one->offset : offset;
    off_t end = one->offset + (off_t)one->size;
    if (end > until) end = until;
    if (from < end)
      memcpy(into + (from - offset), one->data + (from - one->offset),
             (size_t)(end - from));
  }
  return got;
}

static void cut(struct held_file *file, off_t length) {
  for (struct held_write *one = file->first; one; one = one->next) {
    if (one->offset >= length)
      one->size = 0;
    else if (one->offset + (off_t)one->size > length)
      one->size = (size_t)(length - one->offset);
  }
  if (file->length > length) file->length = length;
}

/* What a disk writes whole or not at all. */
enum { sector_size = 512 };

static uint64_t mixed(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

/*
 * The oldest writes reach the file, as many as the seed says. Of the next ones
 * either the first gets a part of its way (a torn tail), or each sector comes
 * to stand as it was after one of them, as when a kernel writes pages back in
 * an order of its own.
 */
static void keep_part(const struct held_file *file, uint64_t seed) {
  seed = mixed(seed ^ file->inode);
  size_t kept = mixed(seed + 1) % (file->count + 1);
  int is_scattered = mixed(seed + 2) % 2 == 0;
  size_t number = 0;
  for (struct held_write *one = file->first; one; one = one->next, ++number) {
    size_t torn_at = one->size == 0 ? 0 : mixed(seed + 3) % one->size;
    size_t size = number < kept               ? one->size
                  : is_scattered              ? one->size
                  : number == kept            ? torn_at
                                              : 0;
    for (size_t done = 0; done < size;) {
      off_t offset = one->offset + (off_t)done;
      size_t piece = sector_size - (size_t)(offset % sector_size);
      if (piece > size - done) piece = size - done;
      uint64_t sector = (uint64_t)offset / sector_size;
      size_t until = kept + mixed(seed ^ mixed(sector)) % (file->count + 1 - kept);
      if (number < kept || !is_scattered || number < until)
        (void)!real_pwrite(file->way, one->data + done, piece, offset);
      done += piece;
    }
  }
}

/* Tells what it found on standard error: a cut at which nothing waited tries nothing. */
static void cut_now(void) {
  size_t count = 0;
  for (struct held_file *file = files; file; file = file->next) {
    count += file->count;
    if (file->first) keep_part(file, torn_seed);
  }
  dprintf(STDERR_FILENO, "power cut: %zu writes were not synced\n", count);
  kill(getpid(), SIGKILL);
}

static void *wait_for_cut(void *pipe) {
  /* Also for writing: without a writer there would be an end of file. */
  int from = open(pipe, O_RDWR | O_CLOEXEC);
  char told[32] = "";
  while (read(from, told, sizeof told - 1) <= 0) continue;
  pthread_mutex_lock(&lock);
  torn_seed = strtoull(told, NULL, 10);
  /* Small numbers fall into a commit, large ones into a checkpoint as well. */
  if (mixed(torn_seed) % 4 == 0) cut_now();
  writes_left = 1 + mixed(torn_seed + 1) % (1u << mixed(torn_seed + 2) % 12);
  pthread_mutex_unlock(&lock);
  return NULL;
}

static int sync_with(int fd, int (*real_sync)(int)) {
  if (is_database(fd)) {
    if (is_now(broken_when)) {
      errno = EIO;
      return -1;
    }
    pthread_mutex_lock(&lock);
    struct held_file *file = find_open(fd);
    int is_written = file == NULL || let_go(file, fd, file->count) == 0;
    pthread_mutex_unlock(&lock);
    if (!is_written) {
      errno = EIO;
      return -1;
    }
  }
  return real_sync(fd);
}

/* --- what the process calls instead of the C library --- */

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
  if (!is_database(fd)) return real_pwrite(fd, data, size, offset);
  if (is_now(full_when)) {
    errno = ENOSPC;
    return -1;
  }
  pthread_mutex_lock(&lock);
  struct held_file *file = find_or_add(fd);
  if (file) {
    hold(file, data, size, offset);
    if (writes_left > 0 && --writes_left == 0) cut_now();
    if (writes_back && rand() % 8 == 0)
      (void)let_go(file, fd, (size_t)rand() % (file->count + 1));
  }
  pthread_mutex_unlock(&lock);
  return file ? (ssize_t)size : -1;
}

ssize_t pread64(int fd, void *into, size_t size, off_t offset) {
  if (!is_database(fd)) return real_pread(fd, into, size, offset);
  pthread_mutex_lock(&lock);
  ssize_t got = real_pread(fd, into, size, offset);
  struct held_file *file = find_open(fd);
  if (got >= 0 && file && file->first)
    got = overlay(file, into, size, offset, got);
  pthread_mutex_unlock(&lock);
  return got;
}

int fstat64(int fd, struct stat64 *into) {
  int result = real_fstat(fd, (struct stat *)into);
  if (result != 0 || !is_database(fd)) return result;
  pthread_mutex_lock(&lock);
  struct held_file *file = find(into->st_dev, into->st_ino);
  if (file && file->length > into->st_size) into->st_size = file->length;
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate64(int fd, off_t length) {
  if (is_database(fd)) {
    pthread_mutex_lock(&lock);
    struct held_file *file = find_open(fd);
    if (file) cut(file, length);
    pthread_mutex_unlock(&lock);
  }
  return real_ftruncate(fd, length);
}

int unlink(const char *path) {
  struct stat found;
  if (stat(path, &found) == 0) {
    pthread_mutex_lock(&lock);
    /* Another file may get its number; that one has nothing held. */
    struct held_file *file = find(found.st_dev, found.st_ino);
    if (file) (void)let_go(file, -1, file->count);
    pthread_mutex_unlock(&lock);
  }
  return real_unlink(path);
}

int fsync(int fd) { return sync_with(fd, real_fsync); }

int fdatasync(int fd) { return sync_with(fd, real_fdatasync); }

/* On 64-bit Linux the plain names are the same functions. */
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

ssize_t pread(int fd, void *into, size_t size, off_t offset) {
  return pread64(fd, into, size, offset);
}

int fstat(int fd, struct stat *into) {
  return fstat64(fd, (struct stat64 *)into);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
