/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plugin gives to the dialog's library, and what that gives to the plugin. Plain C: the two are
 * files of their own, and only the one has Qt. Both are built from one source tree; `abi` and `vocabulary`
 * say so when they are not. Everything is called on the thread of Wireshark's window, and pointers that are
 * given out hold until the call returns. Texts are printable UTF-8 with a terminating zero, cut where they
 * are too long. */
#ifndef HUMANTIME_UI_MODULE_H
#define HUMANTIME_UI_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows with every change below. */
#define HUMANTIME_UI_ABI 9

/* The most phases that a frame has. */
#define HUMANTIME_MOST_MARKS 255

#define HUMANTIME_UNKNOWN_ROUND_TRIPS 255

/* The capture as it is now. Cheap: to be asked whenever something may have happened. */
typedef struct HumantimeCapture {
  int is_open;
  int is_loading;        /* from a file: nothing may be started that reads it too */
  int is_live;           /* being captured */
  uint32_t frame_count;  /* the highest frame that has been read; less than the file's while it is loading */
  double progress;       /* 0 to 1 while a file is loading or is read anew, else 1 */
  uint64_t dissection;   /* changes with every capture, and whenever one is dissected anew: then nothing that
                            was read before holds, and `revision` changes too */
  uint64_t revision;     /* changes whenever everything read before may be otherwise */
  uint64_t late_changes; /* grows whenever some frames read before may be otherwise */
  char name[512];        /* the file's name without its folder */
} HumantimeCapture;

/* A frame that has phases. Phases, stages and certainties are core's enumerations; times are nanoseconds
 * since 1970-01-01 UTC as Wireshark shows them, Time Shift included. */
typedef struct HumantimeEvent {
  uint32_t journey; /* from 1; 0: none */
  uint32_t peer;    /* the same packet captured at the other end; 0: none */
  uint32_t bytes;   /* on the wire */
  uint32_t ordinal; /* of the first milestone, from 1 */
  int64_t time_ns;
  int64_t other_ns; /* when the packet was at the other end */
  int64_t precision_ns;
  int64_t error_ns;
  uint16_t vantage;
  uint8_t has_time;
  uint8_t has_other;
  uint8_t is_estimated; /* other_ns is reckoned */
  uint8_t end;          /* humantime::ui::End */
  uint8_t direction;    /* humantime::journeys::Direction */
  uint8_t passes_filter;
  uint8_t is_copy;
  uint8_t mark_count; /* never 0 */
  uint8_t phases[HUMANTIME_MOST_MARKS];
  uint8_t stages[HUMANTIME_MOST_MARKS];
  uint8_t certainties[HUMANTIME_MOST_MARKS];
} HumantimeEvent;

typedef struct HumantimeText {
  char from[96];
  char to[96];
  char detail[1024];
  char vantage[40];      /* section.interface, as the reports write it */
  char milestones[4096]; /* separated by spaces */
  int64_t captured_ns;   /* the time stamp in the file */
  uint8_t is_captured;   /* it has one */
} HumantimeText;

/* An exchange of HTTP/2 or HTTP/3 that its stream tells. Frames: 0 where they were not captured. */
typedef struct HumantimeStream {
  uint64_t stream;
  uint64_t request_bytes; /* of content; UINT64_MAX: not known */
  uint64_t response_bytes;
  uint32_t request; /* the message's first frame, and its last */
  uint32_t request_end;
  uint32_t response;
  uint32_t response_end;
  uint16_t status; /* 0: not known */
  uint8_t pushed;
  uint8_t reset;
  const char* what; /* `GET / www.example.jp`; empty where it is not known */
} HumantimeStream;

/* A stretch of a frame's bytes. */
typedef struct HumantimePiece {
  uint32_t bytes;
  uint32_t whole; /* of how many it is a part; 0: it is all, or that is not known */
  uint8_t kind;   /* humantime::PieceKind */
  uint8_t has_phase;
  uint8_t phase; /* core's enumeration: what it is more exactly */
} HumantimePiece;

typedef struct HumantimeJourney {
  uint32_t number;
  uint32_t first; /* frame */
  uint8_t kind;   /* humantime::journeys::Kind */
  uint8_t has_time;
  int64_t first_ns;
  int64_t last_ns;
  const char* name;
  const char* handshake;         /* as humantime.handshake says it; empty where it is not known */
  uint8_t handshake_round_trips; /* as humantime.handshake.rtts; HUMANTIME_UNKNOWN_ROUND_TRIPS: not known */
} HumantimeJourney;

/* The preferences humantime.* that the dialog knows. */
typedef struct HumantimePreferences {
  uint32_t seconds_per_year;
  uint8_t origin;   /* 0 capture, 1 journey, 2 time reference */
  uint8_t language; /* humantime::Language */
  uint8_t open_timeline;
  double distance_km; /* 0: not known */
  double refractive_index;
} HumantimePreferences;

typedef struct HumantimeHost {
  uint32_t abi;        /* HUMANTIME_UI_ABI of the plugin */
  uint32_t size;       /* sizeof(HumantimeHost) of the plugin */
  uint64_t vocabulary; /* humantime::vocabulary() of the plugin */
  void* context;       /* the first argument of every function */

  void (*capture)(void* context, HumantimeCapture* out);
  /* What is known only when all frames are looked at together: ends, directions, ordinals, journeys, and what
   * no later frame will explain. Begun for the frames that have come so far; done by settle(). */
  void (*begin_settling)(void* context);
  /* Does a part of it, if it was begun, and of what frames that came since say of others: about `budget`
   * frames are looked at. 1 where there is more to do. Until it is done, the functions below tell what they
   * told before; it is given up where another dissection begins. */
  int (*settle)(void* context, uint32_t budget);
  /* From now on the packet list and details, too, show of all frames together what settle() has found, and
   * nothing before. `wanted` is called, in the midst of a dissection, whenever they lack something: then
   * settling is to be begun, and what shows it to be drawn again. `in_details`: it is the packet details. */
  void (*settle_for_fields)(void* context, void (*wanted)(void* user, int in_details), void* user);
  /* 0 where the frame has no event; then `out` is not written. Only `mark_count` of each array are. */
  int (*event)(void* context, uint32_t frame, HumantimeEvent* out);
  int (*passes_filter)(void* context, uint32_t frame);
  void (*text)(void* context, uint32_t frame, HumantimeText* out);
  /* The exchanges that begin with the frame. */
  void (*streams)(void* context, uint32_t frame, void (*visit)(void* user, const HumantimeStream* stream),
                  void* user);
  /* What the frame is made of, from its first byte to its last: read from the file anew, with some frames
   * before it. Nothing where the file cannot be read. */
  void (*pieces)(void* context, uint32_t frame, void (*visit)(void* user, const HumantimePiece* piece),
                 void* user);
  /* The journeys that settle() found, in order of their numbers: at most `count` of them from the place
   * `first` on, from 0. */
  void (*journeys)(void* context, uint32_t first, uint32_t count,
                   void (*visit)(void* user, const HumantimeJourney* journey), void* user);
  /* The time that the year begins with, where the origin is the capture or the last time reference; 0 where
   * there is no such frame. */
  int (*origin)(void* context, int64_t* out_ns);

  /* Does a part of counting what connections were like: of all journeys or, `limited`, of those that have a
   * frame which passes the display filter. About `budget` frames are looked at. 1 where there is more to do.
   * Once it is done, the next call begins anew; with a `budget` of 0 what is under way is given up. */
  int (*count_connections)(void* context, int limited, uint32_t budget);
  /* What was counted, as the report `connections` has it in JSON, a line without its end for each: all of
   * them, then those to each server. At most `count` lines from the place `first` on, from 0. */
  void (*connections)(void* context, uint32_t first, uint32_t count,
                      void (*visit)(void* user, const char* line), void* user);

  void (*preferences)(void* context, HumantimePreferences* out);
  /* Sets one of them by its name, as Wireshark's -o does, and keeps it in the user's profile; 0 and a
   * sentence in `error` where it cannot. */
  int (*set_preference)(void* context, const char* name, const char* value, char* error, size_t size);

  /* The frame that is selected in the packet list, the first of several; 0: none. */
  uint32_t (*selected_frame)(void* context);
  /* Selects a frame; 0 where it cannot: it is hidden by the display filter, or a file is loading. */
  int (*go_to_frame)(void* context, uint32_t frame);
  /* Whether the display filter compiles; else 0 and Wireshark's sentence in `error`. */
  int (*check_filter)(void* context, const char* filter, char* error, size_t size);
  /* Applies a display filter after checking it. */
  int (*apply_filter)(void* context, const char* filter, char* error, size_t size);
} HumantimeHost;

/* The one symbol of the dialog's library. Adds the dialog to Wireshark's menu as soon as that is there.
 * Returns NULL, or a sentence that says why it cannot. `host` must stay. */
#define HUMANTIME_UI_START "humantime_ui_start"
typedef const char* (*HumantimeUiStart)(const HumantimeHost* host);

#ifdef __cplusplus
}
#endif

#endif
