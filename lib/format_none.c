/* Formatted output without floating-point numbers. */
#include "lib/format.h"

/* No conversion is known here. */
bool format_float(struct output *output, const struct conversion *conversion,
                  struct arguments *arguments) {
  (void)output;
  (void)conversion;
  (void)arguments;
  return false;
}
