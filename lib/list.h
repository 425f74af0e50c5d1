/* Circular doubly linked lists, linked through a member of the things listed.

   struct list is the head, struct list_node the member; neither allocates anything.
   A node on no list has been list_node_init()ed or removed: its `next` is NULL. */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/round.h"

struct list_node {
  struct list_node *next, *prev;
};

struct list {
  struct list_node head;
};

static inline void list_init(struct list *list) {
  list->head.next = list->head.prev = &list->head;
}

static inline void list_node_init(struct list_node *node) {
  node->next = node->prev = NULL;
}

static inline bool list_is_empty(const struct list *list) {
  return list->head.next == &list->head;
}

static inline bool list_node_is_listed(const struct list_node *node) {
  return node->next != NULL;
}

static inline void list_insert_before(struct list_node *where, struct list_node *node) {
  node->next = where;
  node->prev = where->prev;
  where->prev->next = node;
  where->prev = node;
}

static inline void list_push_front(struct list *list, struct list_node *node) {
  list_insert_before(list->head.next, node);
}

static inline void list_push_back(struct list *list, struct list_node *node) {
  list_insert_before(&list->head, node);
}

static inline void list_remove(struct list_node *node) {
  node->prev->next = node->next;
  node->next->prev = node->prev;
  list_node_init(node);
}

/* The first node of LIST, or NULL if it is empty. */
static inline struct list_node *list_first(const struct list *list) {
  return list_is_empty(list) ? NULL : list->head.next;
}

/* The last node of LIST, or NULL if it is empty. */
static inline struct list_node *list_last(const struct list *list) {
  return list_is_empty(list) ? NULL : list->head.prev;
}

/* Takes the first node off LIST and returns it, or NULL if it is empty. */
static inline struct list_node *list_pop_front(struct list *list) {
  struct list_node *node = list_first(list);
  if (node != NULL) list_remove(node);
  return node;
}

#define list_entry(NODE, TYPE, MEMBER) container_of(NODE, TYPE, MEMBER)

/* Runs over LIST; the body may not remove NODE. */
#define list_for_each(NODE, LIST)                                                                  \
  for (struct list_node *NODE = (LIST)->head.next; NODE != &(LIST)->head; NODE = NODE->next)

/* Runs over LIST; the body may remove NODE. */
#define list_for_each_safe(NODE, NEXT, LIST)                                                       \
  for (struct list_node *NODE = (LIST)->head.next, *NEXT = NODE->next; NODE != &(LIST)->head;      \
       NODE = NEXT, NEXT = NODE->next)

#endif
