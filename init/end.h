/* The ways the system ends by itself.  Before anything is put on disk all processes are stopped, so that
   what is there is whole, and none of them meets a file system that is closed. */
#ifndef INIT_END_H
#define INIT_END_H

/* Puts everything on disk, prints the statistics, and powers off. */
_Noreturn void end_power_off(void);
/* Puts everything on disk, prints the statistics, and restarts the machine. */
_Noreturn void end_reboot(void);
/* Ends the machine at once for a Ctrl-C that no program is there to take; called by the interrupt handler.
   Nothing more is written. */
_Noreturn void end_interrupted(void);
/* Puts everything on disk and does nothing from then on. */
_Noreturn void end_idle(void);

#endif
