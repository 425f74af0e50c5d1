/* Anonymous stores.  Their pages' home is ZERO or SWAP, so nothing is ever read or written here. */
#include "vm/anonymous.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/store.h"

struct anonymous {
  struct store store;
  uint32_t users; /* Regions, and who creates it.  VM lock. */
};

/* Never called: no page of the store has its home here. */
static int no_transfer(struct store *store, pindex_t index, unsigned count, void *const memory[]) {
  (void)store, (void)index, (void)count, (void)memory;
  NOT_REACHED();
}

/* There is room for as long as there is swap. */
static int no_reserve(struct store *store, uint32_t offset, uint32_t size, bool grow) {
  (void)store, (void)offset, (void)size, (void)grow;
  return VM_OK;
}

/* One more user. */
static void hold(struct store *store) {
  port_vm_lock();
  container_of(store, struct anonymous, store)->users++;
  port_vm_unlock();
}

/* One fewer; the last ends the store. */
static void release(struct store *store) {
  struct anonymous *anonymous = container_of(store, struct anonymous, store);
  port_vm_lock();
  uint32_t left = --anonymous->users;
  port_vm_unlock();
  if (left > 0) return;
  store_purge(store);
  port_free(anonymous);
}

static const struct store_ops anonymous_ops = {.read = no_transfer,
                                               .write = no_transfer,
                                               .reserve = no_reserve,
                                               .hold = hold,
                                               .release = release};

/* A new store, held once. */
struct store *anonymous_create(void) {
  struct anonymous *anonymous = port_alloc(sizeof *anonymous);
  if (anonymous == NULL) return NULL;
  store_init(&anonymous->store, &anonymous_ops, STORE_BYTES_MAX);
  anonymous->store.anonymous = true;
  anonymous->users = 1;
  return &anonymous->store;
}

/* Its pages stay. */
void anonymous_set_length(struct store *store, uint32_t length) {
  ASSERT(store->anonymous);
  port_vm_lock();
  __atomic_store_n(&store->length, length, __ATOMIC_RELAXED);
  port_vm_unlock();
}

/* Counts users. */
bool anonymous_has_one_user(const struct store *store) {
  ASSERT(port_vm_locked() && store->anonymous);
  return container_of(store, struct anonymous, store)->users == 1;
}
