#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
  int parent;
  double cpu_s;
  double ended_children_cpu_s;
} Times;

static Times read_times(int pid) {
  Times times = {0};
  char path[64], text[2048];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return times;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  // The program's name stands in brackets and may hold anything, also spaces.
  char *after_name = strrchr(text, ')');
  unsigned long user = 0, kernel = 0, ended_user = 0, ended_kernel = 0;
  if (after_name) {
    sscanf(after_name + 2,
           "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu",
           &times.parent, &user, &kernel, &ended_user, &ended_kernel);
  }
  double ticks = (double)sysconf(_SC_CLK_TCK);
  times.cpu_s = (double)(user + kernel) / ticks;
  times.ended_children_cpu_s = (double)(ended_user + ended_kernel) / ticks;
  return times;
}

static double rss_bytes(int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  long total = 0, resident = 0;
  if (fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
  fclose(file);
  return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

Cost processes_cost(const int *pids, int count) {
  Cost cost = {0};
  for (int i = 0; i < count; i++) {
    cost.cpu_s += read_times(pids[i]).cpu_s;
    cost.rss_bytes += rss_bytes(pids[i]);
  }
  return cost;
}

double family_cpu_s(int pid) {
  Times first = read_times(pid);
  double sum = first.cpu_s + first.ended_children_cpu_s;
  DIR *folder = opendir("/proc");
  if (!folder) return sum;
  for (struct dirent *entry; (entry = readdir(folder));) {
    int other = atoi(entry->d_name);
    if (other == 0) continue;
    Times times = read_times(other);
    if (times.parent == pid) sum += times.cpu_s;
  }
  closedir(folder);
  return sum;
}

double own_cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double machine_cpu_s(void) {
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  // Interrupts are left out: they are the network, and belong to no process.
  unsigned long user = 0, nice = 0, kernel = 0, steal = 0;
  int found = fscanf(file, "cpu %lu %lu %lu %*u %*u %*u %*u %lu", &user, &nice,
                     &kernel, &steal);
  fclose(file);
  if (found != 4) return 0;
  return (double)(user + nice + kernel + steal) /
         (double)sysconf(_SC_CLK_TCK);
}
