/* The port: waiting, waking, and what is done without the VM lock. */

inline port_wait(channel) {
  printf("%d waits on channel %d\n", me, channel);
  waiting[me] = channel;
  waiting[me] == RUNS
}

inline port_wake(channel) {
  d_step {
    for (i : 0 .. THREADS - 1) {
      waiting[i] = (waiting[i] == channel -> RUNS : waiting[i])
    };
    i = 0
  }
}

/* WHAT is done without the VM lock, by device() below; whether it was is in transfer[me].ok. */
inline unlocked(operation, p, o) {
  transfer[me].frame = page[p].frame;
  transfer[me].other = o;
  transfer[me].what = operation;
  printf("%d: %e, page %d, frame %d, %d\n", me, operation, p, transfer[me].frame, o);
  transfer[me].what == IDLE
}
