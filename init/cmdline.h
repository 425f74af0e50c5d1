/* The kernel's command line as words, and the way out when it makes no sense. */
#ifndef INIT_CMDLINE_H
#define INIT_CMDLINE_H

/* Splits the machine's command line at spaces; single or double quotes keep what is between them
   together.  Returns the words, which stay, with a NULL behind the last.  Does not return if there
   is a quote without its partner, or more than can be kept. */
char **cmdline_split(void);

/* Says the line FORMAT and ends the machine with the status for a refused command line (QEMU's
   becomes 5); this is no panic. */
_Noreturn void cmdline_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
