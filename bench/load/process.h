// What the server's processes cost, read from /proc.
#ifndef PROCESS_H
#define PROCESS_H

typedef struct {
  double cpu_s;
  double rss_bytes;
} Cost;

/// The sum over these processes, all threads included.
Cost processes_cost(const int *pids, int count);

/// CPU seconds of a process and its children, also of those that have ended.
double family_cpu_s(int pid);

/// CPU seconds that this program itself has used.
double own_cpu_s(void);

/// CPU seconds that all processes of the machine have used, and that a host
/// has taken from it.
double machine_cpu_s(void);

#endif
