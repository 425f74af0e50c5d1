/* TEST: wall_time goes on as time_ms does, and never back; time.h takes it apart and writes it. */
#include <string.h>
#include <time.h>
#include "tests/guest/lib/memory.h"

/* What SECONDS are by FORMAT must be EXPECTED. */
static void check_text(time_t seconds, const char *format, const char *expected) {
  char text[64];
  struct tm parts;
  size_t length = strftime(text, sizeof text, format, gmtime_r(&seconds, &parts));
  CHECK(length == strlen(expected) && strcmp(text, expected) == 0, "`%s' is `%s', not `%s'", format,
        text, expected);
}

/* Forms, and buffers that are too small. */
static void check_forms(void) {
  char text[26];
  time_t seconds = 1795910339;
  struct tm parts;
  check_text(0, "%F %T", "1970-01-01 00:00:00");
  check_text(4294967295u, "%c", "Sun Feb  7 06:28:15 2106");
  check_text(951782400, "%a %b %e %j %y %R", "Tue Feb 29 060 00 00:00");
  check_text(seconds, "%Y%m%d%H%M%S%%", "20261128235859%");
  check_text(seconds, "x%Qy%", "x%Qy%");
  CHECK(strcmp(ctime_r(&seconds, text), "Sat Nov 28 23:58:59 2026\n") == 0, "`%s'", text);
  gmtime_r(&seconds, &parts);
  CHECK_IS(strftime(text, 10, "%F", &parts), 0);
  CHECK_IS(strftime(text, 11, "%F", &parts), 10);
  CHECK(parts.tm_year == 126 && parts.tm_mon == 10 && parts.tm_yday == 331, "parts");
}

/* Both clocks. */
void test_main(void) {
  check_forms();
  uint32_t start_ms = time_ms(), start = wall_time(), last = start;
  while (wall_time() < start + 2) {
    CHECK(wall_time() >= last, "back in time");
    last = wall_time();
    sleep_ms(10);
  }
  uint32_t passed = time_ms() - start_ms;
  CHECK(passed >= 1000 && passed < 3000, "%u ms for two seconds begun", (unsigned)passed);
  time_t now, same = time(&now);
  CHECK(now == same && now - start <= 4, "time");
}
