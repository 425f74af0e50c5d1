/* What the model keeps: its bounds, what the code keeps, and what the model knows besides. */

/* -- Bounds ----------------------------------------------------------------------------------- */

#ifndef PROCS
#define PROCS 2
#endif
#ifndef VPNS
#define VPNS 2
#endif
#ifndef FRAMES
#define FRAMES 2
#endif
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef PAGES
#define PAGES (PROCS * VPNS + 1)
#endif
#ifdef PAGEOUT
#define THREADS (PROCS + 1)
#else
#define THREADS PROCS
#endif

#define NONE    255
#define RUNS    0           /* The thread waits for nothing. */
#define OF(p)   ((p) + 1)   /* The channel of page P, */
#define TRANSIT (PAGES + 1) /* of frames in transit, */
#define RESERVE (PAGES + 2) /* of the pageout thread. */

/* The last page of an address space is a shared mapping of the file, the others are private. */
#ifdef SHARED
#define IS_SHARED(v) ((v) == VPNS - 1)
#else
#define IS_SHARED(v) false
#endif

/* The file's length, and what of it has blocks, in halves of its page. */
#ifdef GROWS
#define LENGTH         length
#define HAS_BLOCKS     (blocks >= length)
#define IS_IN_BLOCKS   (blocks >= length_written)
#else
#define LENGTH         1
#define HAS_BLOCKS     true
#define IS_IN_BLOCKS   true
#endif

mtype = { ABSENT, ARRIVING, RESIDENT, LEAVING };
mtype = { HOME_ZERO, HOME_FILE, HOME_SWAP };
mtype = { VM_OK, VM_RETRY, VM_EIO, VM_ENOFRAME };
mtype = { SUPPLY_WAIT, SUPPLY_RETRY };
mtype = { DEAD, MADE, ALIVE };
mtype = { IDLE, ZERO, COPY, SWAP_READ, SWAP_WRITE, FILE_READ, FILE_WRITE, FILE_SYNC, FILE_BLOCK };

/* Names that pan prints with a broken assertion; none is ever set. */
hidden byte S0_assertions_of_the_code, S1_present_is_resident, S2_read_is_last_write, S3_slot_has_one_holder,
    S4_nothing_is_left, S6_writer_is_alone, S7_frame_is_found, S8_synced_is_in_file, S9_written_has_blocks,
    BOUNDS_are_enough;

/* -- What the code keeps ---------------------------------------------------------------------- */

typedef page_t {
  bool live;
  mtype state = ABSENT;
  mtype home = HOME_ZERO;
  bool cached;
  bool syncing;
  bool dirty;
  bool unwritten;
  byte refs;
  byte frame = NONE;
  byte slot = NONE;
};
typedef frame_t {
  byte page = NONE; /* NONE: free. */
  byte pins;
};
typedef spte_t { /* With the entry of the pmap. */
  byte page = NONE; /* NONE: never touched. */
  bool mapped;
  bool writable;
  bool written; /* The processor's dirty bit. */
  byte frame = NONE;
  bit last; /* What was written last. */
};
typedef addrspace_t {
  mtype state = DEAD;
  spte_t spte[VPNS];
};
typedef transfer_t { /* What a thread waits for without the VM lock. */
  mtype what = IDLE;
  byte frame = NONE;
  byte other = NONE; /* The frame copied from, or the slot. */
  bool ok;
};

page_t page[PAGES];
frame_t frame[FRAMES];
bool taken[SLOTS], bad[SLOTS];
addrspace_t as[PROCS];
byte store_page = NONE; /* The cached page of the file. */
bool store_lost;
#ifdef GROWS
byte length = 1, blocks;
#endif
byte waiting[THREADS];
transfer_t transfer[THREADS];

/* -- What the model knows besides -------------------------------------------------------------- */

bit memory[FRAMES], slot_content[SLOTS], file_content; /* One bit for the content of a page. */
bit file_last;                                         /* What was written last to the file's page. */
#ifdef GROWS
byte length_written; /* The file's length when it was. */
#endif
byte writing_slot[THREADS] = NONE;                     /* Taken for a page that is being written. */
byte syncing[PROCS];                                   /* 1: syncs; 2: and somebody wrote since. */
byte processes = 1, running = 1;                       /* `running' counts the pageout thread too. */

/* Scratch, between no two states. */
hidden byte i, j, k, pages_found[PAGES], slots_found[SLOTS];
hidden byte in_transfer[FRAMES];
