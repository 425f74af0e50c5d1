/* Starting what programs need. */
#ifndef INIT_START_H
#define INIT_START_H

/* Starts timer, threads, console and disks.  Interrupts are on afterwards. */
void start_devices(void);
/* Mounts the file system, if there is one, and lets programs run.  Sleeps. */
void start_processes(void);

#endif
