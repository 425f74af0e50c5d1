/* Recording events in a file. */
#include "host/record.h"
#include <stdio.h>
#include <stdlib.h>
#include "vm/event.h"

#define RECORDS_MAX (4u << 20)

static const char *file_name;
static struct event *records;

/* Records everything in memory from now on. */
void record_start(const char *name, const char *what) {
  file_name = name;
  records = malloc(RECORDS_MAX * sizeof *records);
  if (records == NULL) abort();
  snprintf(event_ring.what, sizeof event_ring.what, "%s", what);
  event_start(records, RECORDS_MAX, EVENTS_STOP | EVENTS_TABLES);
}

/* Writes the head and the records. */
void record_finish(void) {
  if (file_name == NULL) return;
  uint32_t count = event_ring.written < RECORDS_MAX ? event_ring.written : RECORDS_MAX;
  struct event_ring head = event_ring;
  head.events = 0;
  FILE *file = fopen(file_name, "wb");
  bool written = file != NULL && fwrite(&head, sizeof head, 1, file) == 1 &&
                 fwrite(records, sizeof *records, count, file) == count;
  if (file == NULL || fclose(file) != 0 || !written)
    fprintf(stderr, "%s: could not be written\n", file_name);
  file_name = NULL;
  event_reset();
  free(records);
}
