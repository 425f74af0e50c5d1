/* What the kernel command line asks to be done. */
#ifndef INIT_ACTIONS_H
#define INIT_ACTIONS_H

/* Ends with usage_error() if WORDS are not actions with all their operands. */
void actions_check(char **words);
/* Carries WORDS out, one action after the other. */
void actions_run(char **words);

#endif
