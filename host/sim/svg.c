/* A picture of miss ratios: a panel for each trace, a curve for each policy. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "host/sim/sim.h"

#define WIDTH      900
#define PANEL      420 /* Height of a panel with its title and axis. */
#define LEFT       90
#define RIGHT      170 /* Room for the names. */
#define TOP        50
#define BOTTOM     60
#define CURVES_MAX 32

static const char *const colours[] = {"#000000", "#7f7f7f", "#d62728", "#1f77b4", "#8c564b",
                                      "#9467bd", "#2ca02c", "#e377c2", "#ff7f0e", "#17becf"};

/* One panel: the cells of a trace, and how its axes run. */
struct panel {
  FILE *file;
  const struct cell *cells;
  size_t count;
  double y0; /* Where it begins in the picture. */
  frameno_t most_frames;
  double low, high; /* Decades of the ratio: log10. */
};

/* Faults for each reference. */
static double miss_ratio(const struct cell *cell) {
  return (double)cell->result.faults / (double)cell->trace->count;
}

/* Where FRAMES stands from left to right, and a ratio, by its log10, from top to bottom. */
static double x_of(const struct panel *panel, double frames) {
  return LEFT + frames / panel->most_frames * (WIDTH - LEFT - RIGHT);
}
static double y_of(const struct panel *panel, double log_ratio) {
  double part = (log_ratio - panel->low) / (panel->high - panel->low);
  return panel->y0 + PANEL - BOTTOM - part * (PANEL - TOP - BOTTOM);
}

/* Finds how far the axes go: to whole decades, or a third of one where the curves are flat. */
static void find_range(struct panel *panel) {
  panel->low = INFINITY;
  panel->high = -INFINITY;
  for (size_t i = 0; i < panel->count; i++) {
    double value = log10(miss_ratio(&panel->cells[i]));
    panel->low = fmin(panel->low, value);
    panel->high = fmax(panel->high, value);
    if (panel->cells[i].frames > panel->most_frames) panel->most_frames = panel->cells[i].frames;
  }
  panel->low = floor(panel->low * 3 - 0.01) / 3;
  panel->high = ceil(panel->high * 3 + 0.01) / 3;
}

/* The axes, with lines at 1, 2 and 5 of each decade, and at tenths of the frames. */
static void draw_axes(const struct panel *panel) {
  static const int steps[] = {1, 2, 5};
  FILE *file = panel->file;
  fprintf(file, "<text x='%d' y='%.0f' class='title'>%s: %u pages</text>\n", LEFT, panel->y0 + 30,
          panel->cells[0].trace->name, panel->cells[0].trace->pages);
  for (int decade = (int)floor(panel->low); decade <= panel->high; decade++) {
    for (int i = 0; i < 3; i++) {
      double value = decade + log10(steps[i]);
      if (value < panel->low - 1e-9 || value > panel->high + 1e-9) continue;
      double y = y_of(panel, value);
      fprintf(file, "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' class='grid'/>", LEFT, WIDTH - RIGHT,
              y, y);
      fprintf(file, "<text x='%d' y='%.1f' class='tick' text-anchor='end'>%g %%</text>\n", LEFT - 8,
              y + 4, 100 * pow(10, value));
    }
  }
  double bottom = panel->y0 + PANEL - BOTTOM;
  for (int i = 0; i <= 10; i += 2) {
    double frames = panel->most_frames * i / 10.0;
    fprintf(file, "<line x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f' class='grid'/>",
            x_of(panel, frames), x_of(panel, frames), panel->y0 + TOP, bottom);
    fprintf(file, "<text x='%.1f' y='%.1f' class='tick' text-anchor='middle'>%.0f</text>\n",
            x_of(panel, frames), bottom + 18, frames);
  }
  fprintf(file, "<text x='%d' y='%.1f' class='axis' text-anchor='middle'>frames</text>\n",
          (LEFT + WIDTH - RIGHT) / 2, bottom + 40);
  fprintf(file,
          "<text transform='translate(22 %.1f) rotate(-90)' class='axis' text-anchor='middle'>"
          "faults for each reference</text>\n",
          panel->y0 + (PANEL + TOP - BOTTOM) / 2.0);
}

/* The curve of the policy at INDEX among COLUMNS, and its name beside the picture. */
static void draw_curve(const struct panel *panel, size_t index, size_t columns) {
  const char *colour = colours[index % (sizeof colours / sizeof *colours)];
  FILE *file = panel->file;
  fprintf(file, "<polyline fill='none' stroke='%s' stroke-width='2.5' points='", colour);
  for (size_t i = index; i < panel->count; i += columns)
    fprintf(file, "%.1f,%.1f ", x_of(panel, panel->cells[i].frames),
            y_of(panel, log10(miss_ratio(&panel->cells[i]))));
  fprintf(file, "'/>\n");
  double y = panel->y0 + TOP + 20 + 24.0 * (double)index;
  fprintf(file, "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='%s' stroke-width='4'/>",
          WIDTH - RIGHT + 16, WIDTH - RIGHT + 44, y - 4, y - 4, colour);
  fprintf(file, "<text x='%d' y='%.1f' class='axis'>%s</text>\n", WIDTH - RIGHT + 52, y,
          panel->cells[index].policy);
}

/* How many of CELLS, from the first on, are of the same trace; and of the same number of frames. */
static size_t same_trace(const struct cell *cells, size_t count) {
  size_t same = 1;
  while (same < count && cells[same].trace == cells[0].trace) same++;
  return same;
}
static size_t same_row(const struct cell *cells, size_t count) {
  size_t same = 1;
  while (same < count && strcmp(cells[same].policy, cells[0].policy) != 0) same++;
  return same;
}

/* Writes the picture. */
bool svg_write(const char *path, const struct cell *cells, size_t count) {
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    fprintf(stderr, "quire-sim: %s: %s\n", path, strerror(errno));
    return false;
  }
  unsigned panels = 0;
  for (size_t i = 0; i < count; i += same_trace(cells + i, count - i)) panels++;
  fprintf(file,
          "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %u' font-family='sans-serif'>\n"
          "<style>.grid{stroke:#ddd}.tick{font-size:13px;fill:#555}.axis{font-size:15px}"
          ".title{font-size:20px;font-weight:bold}</style>\n"
          "<rect width='%d' height='%u' fill='white'/>\n",
          WIDTH, panels * PANEL, WIDTH, panels * PANEL);
  double y0 = 0;
  for (size_t i = 0, step; i < count; i += step, y0 += PANEL) {
    step = same_trace(cells + i, count - i);
    struct panel panel = {.file = file, .cells = cells + i, .count = step, .y0 = y0};
    size_t columns = same_row(cells + i, step);
    find_range(&panel);
    draw_axes(&panel);
    for (size_t index = 0; index < columns; index++) draw_curve(&panel, index, columns);
  }
  fprintf(file, "</svg>\n");
  bool good = !ferror(file);
  return fclose(file) == 0 && good;
}
