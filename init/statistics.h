/* What it all cost, printed at the end. */
#ifndef INIT_STATISTICS_H
#define INIT_STATISTICS_H

/* Prints the statistics of all parts.  May sleep. */
void statistics_print(void);

#endif
