/* Page-in: brings pages into frames, from wherever their content is. */
#ifndef VM_PAGEIN_H
#define VM_PAGEIN_H

struct page;

/* Brings PAGE, held by the caller, into a frame if it is not in one.  VM lock on entry and on return, given up meanwhile.
   May sleep.  VM_OK: it is RESIDENT.  VM_RETRY: it was busy, look again.  VM_EIO, VM_ENOFRAME, VM_ENOMEM: as before. */
int page_bring_in(struct page *page);
/* Brings PAGE, held by the caller, in, however often that must be tried, and pins it in its frame; page_unpin() undoes
   it.  VM lock on entry and on return, given up meanwhile.  May sleep.  VM_OK, VM_EIO, VM_ENOFRAME, VM_ENOMEM. */
int page_pin(struct page *page);

#endif
