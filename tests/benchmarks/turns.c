/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long Wireshark's window does not answer, and who is at work meanwhile: to be preloaded. A turn is what
 * the main thread does between two looks of Qt at its event loop, be it in a loop within a loop; it is
 * measured in the processor's time, so that other programs do not count. Where one is longer than TURNS_MS
 * (16) a timer of that time looks at the stack, again every few milliseconds. Written to TURNS_FILE: `turn MS
 * SAMPLES`, and a line of `library+offset` for each sample. turns.py starts it and reads that. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { most_samples = 64, depth = 48, every_ms = 4 };

static FILE* out;
static timer_t watch;
static double limit_ms = 16;
static double begun_ms;
static volatile int count, at_work;
static int depths[most_samples];
static void* stacks[most_samples][depth];

static double processor_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void look(int number) {
  (void)number;
  if (!at_work || count >= most_samples) return;
  depths[count] = backtrace(stacks[count], depth);
  ++count;
}

static void start(void) {
  const char* file = getenv("TURNS_FILE");
  const char* limit = getenv("TURNS_MS");
  char name[32] = "";
  FILE* self = fopen("/proc/self/comm", "r");
  if (self != NULL) {
    if (fgets(name, sizeof name, self) == NULL) name[0] = 0;
    fclose(self);
  }
  if (file == NULL || strcmp(name, "wireshark\n") != 0) return;
  out = fopen(file, "w");
  if (out == NULL) return;
  if (limit != NULL) limit_ms = atof(limit);
  /* The first one loads a library. */
  void* here[4];
  backtrace(here, 4);
  struct sigaction action = {0};
  action.sa_handler = look;
  action.sa_flags = SA_RESTART;
  sigaction(SIGRTMIN + 7, &action, NULL);
  struct sigevent event = {0};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGRTMIN + 7;
  event._sigev_un._tid = (int)syscall(SYS_gettid);
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &watch) != 0) {
    fclose(out);
    out = NULL;
  }
}

static void turn(void) {
  at_work = 0;
  const double now_ms = processor_ms();
  if (begun_ms > 0 && now_ms - begun_ms > limit_ms) {
    fprintf(out, "turn %.1f %d\n", now_ms - begun_ms, count);
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j < depths[i]; ++j) {
        Dl_info found;
        if (dladdr(stacks[i][j], &found) == 0 || found.dli_fname == NULL) continue;
        fprintf(out, " %s+%#lx", found.dli_fname,
                (unsigned long)((char*)stacks[i][j] - (char*)found.dli_fbase));
      }
      fprintf(out, "\n");
    }
    fflush(out);
  }
  count = 0;
  begun_ms = processor_ms();
  const struct itimerspec when = {{0, every_ms * 1000000}, {0, (long)(limit_ms * 1e6)}};
  timer_settime(watch, 0, &when, NULL);
  at_work = 1;
}

/* Qt goes round by this function of GLib's. */
int g_main_context_iteration(void* context, int may_block) {
  static int (*real)(void*, int);
  static int started;
  if (real == NULL) real = (int (*)(void*, int))dlsym(RTLD_NEXT, "g_main_context_iteration");
  /* GLib's own threads come here, too. */
  const int is_main = (pid_t)syscall(SYS_gettid) == getpid();
  if (is_main && !started) {
    started = 1;
    start();
  }
  const int watched = is_main && out != NULL;
  if (watched) turn();
  const int result = real(context, may_block);
  if (watched) turn();
  return result;
}
