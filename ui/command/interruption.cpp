// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/interruption.h"

#include <csignal>
#include <initializer_list>

namespace humantime::ui {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void remember(int) {
  interrupted = 1;
}

}  // namespace

void watch_for_interruption() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // What is ignored (by nohup, in the background) stays so.
    if (std::signal(number, remember) == SIG_IGN) std::signal(number, SIG_IGN);
  }
}

bool is_interrupted() {
  return interrupted != 0;
}

}  // namespace humantime::ui
