/* Recording what happens on the simulated machine, in a file for tools/quire-trace. */
#ifndef HOST_RECORD_H
#define HOST_RECORD_H

/* From the next machine_init() on every event is recorded, for file NAME, about WHAT, in words.  Events beyond a few
   million are missing. */
void record_start(const char *name, const char *what);
/* Writes the file, if one was asked for, and records no more.  A panic does so, too. */
void record_finish(void);

#endif
