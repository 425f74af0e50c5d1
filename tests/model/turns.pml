/* Turns as a model: everybody gets on.  It follows vm/turn.c and the part of vm/supply.c that asks it, and has
   their names.

   PROCS processes run instructions that need NEED pages of their own at the same time, a streamer takes frames
   for pages that it needs once only, in a pool of FRAMES.  Any page that is mapped and not kept may be the
   victim.  An `atomic' is what happens under the VM lock.  With pan's weak fairness (-f) whoever can go on
   does so at some time, and a request of the disk ends.

     S10  every process completes instructions again and again (pan: "acceptance cycle")
     S11  none takes more than 3 * NEED faults without completing one: that many in the turn that ends, without the
          turn, and in its own

   -DPLANT_NAME plants an error, as in page.pml.

   Where model and code differ: one try for a frame that was in vain is enough to want the turn; a page faults once, not for reading and for writing; a nap is over when the
   holder of the turn has run or faulted, where the code yields twice; all pages of a process are
   needed by each of its instructions. */

#ifndef PROCS
#define PROCS 2
#endif
#ifndef NEED
#define NEED 2
#endif
#ifndef FRAMES
#define FRAMES 2
#endif

#define TURN_FAULTS (2 * NEED)
#define NONE        255
#define STREAMER    PROCS
#define ALL         (PROCS + 1)

hidden byte S0_holder_finds_a_frame, S11_faults_are_bounded;

typedef space_t {
  bool mapped[NEED];
  bool kept[NEED];
  bool faulted[NEED]; /* In this instruction. */
  byte faults;        /* Since an instruction completed, */
  bool completes;     /* which was the last thing that happened. */
};
space_t space[PROCS];
bool streamed;       /* The streamer's page is mapped. */
byte lent, transit;  /* Frames with pages, and those of them whose page is being read. */
byte holder = NONE, turn_faults;
bool is_in_fault, wants_frame;
bool quiet[ALL], napped[ALL], sleeps[ALL]; /* The last: in frame_wait(). */
chan waiting = [PROCS] of { byte };
hidden byte i;

#define IS_MINE       (holder == me)
#define COMES_FIRST   (wants_frame && !IS_MINE)

/* Something happens to the turn: all naps are over. */
inline event() {
  for (i : 0 .. ALL - 1) { quiet[i] = false };
  i = 0
}

inline give(p) {
  holder = p;
  is_in_fault = true;
  wants_frame = false;
  turn_faults = 0;
  event()
}

inline pass_on() {
#ifndef PLANT_NEVER_RELEASED
  for (i : 0 .. NEED - 1) { space[holder].kept[i] = false };
#endif
  holder = NONE;
  wants_frame = false;
  is_in_fault = false;
  event();
#ifndef PLANT_NEVER_PASSED_ON
  if
  :: len(waiting) > 0 -> waiting ? next; give(next)
  :: len(waiting) == 0
  fi;
#endif
  next = 0
}

/* A frame came to rest. */
inline frame_settled() {
  transit--;
  for (i : 0 .. ALL - 1) { sleeps[i] = false };
  i = 0
}

/* Starts to nap. */
inline nap() {
  quiet[me] = true;
  napped[me] = false
}

/* Wakes up; if nothing happened to the turn meanwhile, it is the next one's. */
inline nap_is_over() {
  atomic {
    (napped[me] || !quiet[me] || holder == NONE);
    if
    :: quiet[me] && holder != NONE && !is_in_fault -> pass_on()
    :: else
    fi;
    quiet[me] = false; napped[me] = false
  }
}

/* Whether a page can leave, into `found'; which, any that may. */
inline reclaim() {
  found = true;
  if
  :: streamed -> streamed = false; lent--
#ifdef PLANT_KEPT_IGNORED
#define MAY_GO(p, v) (space[p].mapped[v])
#else
#define MAY_GO(p, v) (space[p].mapped[v] && !space[p].kept[v])
#endif
  :: MAY_GO(0, 0) -> space[0].mapped[0] = false; lent--
  :: MAY_GO(0, 1) -> space[0].mapped[1] = false; lent--
#if PROCS > 1
  :: MAY_GO(1, 0) -> space[1].mapped[0] = false; lent--
  :: MAY_GO(1, 1) -> space[1].mapped[1] = false; lent--
#endif
#if PROCS > 2
  :: MAY_GO(2, 0) -> space[2].mapped[0] = false; lent--
  :: MAY_GO(2, 1) -> space[2].mapped[1] = false; lent--
#endif
  :: else -> found = false
  fi
}

/* Takes a frame; the disk reads into it. */
inline supply_frame() {
  do
  :: atomic { COMES_FIRST -> nap() }; nap_is_over(); goto again
  :: atomic { !COMES_FIRST && lent < FRAMES -> lent++; transit++; break }
  :: atomic {
      !COMES_FIRST && lent == FRAMES ->
      reclaim();
      if
      :: found -> found = false; lent++; transit++; goto lent_frame
      :: !found && transit > 0 -> wants_frame = (IS_MINE -> true : wants_frame); sleeps[me] = true; goto settle
      :: !found && transit == 0 -> assert(S0_holder_finds_a_frame || !IS_MINE); nap()
      fi
     };
     nap_is_over();
     goto again;
settle:
     !sleeps[me];
again:
#ifndef PLANT_LOSER_TRIES_ON
     tried = true;
#endif
     if
     :: IS_MINE
     :: !IS_MINE -> goto retry
     fi
  od;
lent_frame:
  skip
}

proctype process(byte me) {
  byte v, next;
  bool found, tried;

  do
  :: atomic {
      space[me].mapped[0] && space[me].mapped[1] ->
      space[me].faults = 0;
      space[me].completes = true;
      if
      :: IS_MINE -> for (i : 0 .. ALL - 1) { napped[i] = true }; i = 0
      :: else
      fi
     }
  :: atomic {
      !(space[me].mapped[0] && space[me].mapped[1]) ->
      v = (space[me].mapped[0] -> 1 : 0);
      if
      :: space[me].completes -> /* Another instruction than at the last fault. */
         space[me].faulted[0] = false;
         space[me].faulted[1] = false;
         if
         :: IS_MINE && len(waiting) == 0 -> pass_on()
         :: else
         fi
      :: else
      fi;
      space[me].faults++;
      space[me].completes = false;
      assert(S11_faults_are_bounded || space[me].faults <= 3 * NEED);
retry:
      if
      :: IS_MINE && turn_faults >= TURN_FAULTS && len(waiting) > 0 -> pass_on()
      :: else
      fi;
      if
      :: IS_MINE -> is_in_fault = true; event(); goto may_go_on
#ifndef PLANT_NO_TURNS
      :: !IS_MINE && (space[me].faulted[v] || tried) && holder == NONE -> give(me); goto may_go_on
      :: !IS_MINE && (space[me].faulted[v] || tried) && holder != NONE -> waiting ! me
      :: !IS_MINE && !(space[me].faulted[v] || tried) -> goto may_go_on
#else
      :: !IS_MINE -> goto may_go_on
#endif
      fi
     };
     do
     :: holder == me -> break
     :: atomic { holder != me -> nap() }; nap_is_over()
     od;
may_go_on:
     supply_frame();
     atomic {
       frame_settled();
       space[me].mapped[v] = true;
       space[me].faulted[v] = true;
       if
       :: IS_MINE ->
         space[me].kept[v] = true;
         is_in_fault = false;
         wants_frame = false;
         turn_faults = (turn_faults < TURN_FAULTS -> turn_faults + 1 : turn_faults);
         event()
       :: else
       fi;
       v = 0;
       tried = false
     }
  od
}

proctype streamer() {
  byte me = STREAMER, next;
  bool found, tried;

  do
  :: tried = false;
retry:
     supply_frame();
     atomic {
       frame_settled();
       if
       :: streamed -> lent--
       :: else -> streamed = true
       fi
     }
  od
}

init {
  atomic {
    for (i : 0 .. PROCS - 1) { run process(i) };
    i = 0;
    run streamer()
  }
}

ltl S10 { [] <> space[0].completes }
