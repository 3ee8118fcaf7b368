// SPDX-License-Identifier: MIT
// A library to preload into a process, so that calls on chosen files fail as on a disk that fails.
//
// FAULT_FILE   a part of the file's path
// FAULT_KIND   sync: fsync and fdatasync fail with EIO
//              full: writes fail with ENOSPC
//              short: writes write half of the bytes
//              torn: writes write half of the bytes, and fail with EIO from then on
// FAULT_FIRST  how many calls succeed before
// FAULT_COUNT  how many calls fail after that; then calls succeed again
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int is_kind(const char *kind) {
  const char *wanted = getenv("FAULT_KIND");
  return wanted != NULL && strcmp(wanted, kind) == 0;
}

static int is_chosen(int fd) {
  const char *part = getenv("FAULT_FILE");
  char link[64], path[4096];
  if (part == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  // The end must match, so that a ledger's file is not taken for its log.
  size_t wanted = strlen(part);
  return (size_t)length >= wanted && strcmp(path + length - wanted, part) == 0;
}

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

// True for the calls that are to fail.
static int is_due(void) {
  long call = atomic_fetch_add(&calls, 1) - number("FAULT_FIRST");
  return call >= 0 && call < number("FAULT_COUNT");
}

static int sync_with(const char *name, int fd) {
  int (*next)(int) = dlsym(RTLD_NEXT, name);
  if (!is_kind("sync") || !is_chosen(fd) || !is_due()) return next(fd);
  errno = EIO;
  return -1;
}

int fsync(int fd) { return sync_with("fsync", fd); }
int fdatasync(int fd) { return sync_with("fdatasync", fd); }

// How many bytes may be written; -1 if the call is to fail.
static ssize_t allowed(int fd, size_t count) {
  int writes = is_kind("full") || is_kind("short") || is_kind("torn");
  if (!writes || !is_chosen(fd) || !is_due()) return (ssize_t)count;
  if (is_kind("full")) {
    errno = ENOSPC;
    return -1;
  }
  static atomic_int torn;
  if (is_kind("torn") && atomic_exchange(&torn, 1)) {
    errno = EIO;
    return -1;
  }
  return count > 1 ? (ssize_t)(count / 2) : (ssize_t)count;
}

static ssize_t write_at(const char *name, int fd, const void *bytes, size_t count, off64_t at) {
  ssize_t (*next)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, name);
  ssize_t some = allowed(fd, count);
  return some < 0 ? some : next(fd, bytes, (size_t)some, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return write_at("pwrite", fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return write_at("pwrite64", fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  ssize_t some = allowed(fd, count);
  return some < 0 ? some : next(fd, bytes, (size_t)some);
}
