/* The actions on the kernel's command line. */
#ifndef INIT_ACTIONS_H
#define INIT_ACTIONS_H

/* Looks whether WORDS, up to their NULL, are actions with their operands; does not return if
   not. */
void actions_check(char **words);
/* Runs the actions in WORDS, one after the other.  Sleeps. */
void actions_run(char **words);
void actions_help(void);

#endif
