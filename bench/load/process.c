#include "process.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static double cpu_s(int pid) {
  char path[64], text[2048];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  // The program's name stands in brackets and may hold anything, also spaces.
  char *after_name = strrchr(text, ')');
  unsigned long user = 0, kernel = 0;
  if (after_name) {
    sscanf(after_name + 2,
           "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
           &kernel);
  }
  return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
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
    cost.cpu_s += cpu_s(pids[i]);
    cost.rss_bytes += rss_bytes(pids[i]);
  }
  return cost;
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
