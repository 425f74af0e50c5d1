/* TEST: A textbook's program: a linked list of words, in the order of the alphabet.
   OUTPUT: ^again and list many of over sorted words$ */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
  char *word;
  struct node *next;
};

/* Puts a copy of WORD into LIST, once; the new list. */
static struct node *insert(struct node *list, const char *word) {
  int order = list == NULL ? -1 : strcmp(word, list->word);
  if (order == 0) return list;
  if (order > 0) {
    list->next = insert(list->next, word);
    return list;
  }
  struct node *node = malloc(sizeof *node);
  if (node == NULL || (node->word = strdup(word)) == NULL) {
    puts("no memory");
    exit(EXIT_FAILURE);
  }
  node->next = list;
  return node;
}

int main(void) {
  char text[] = "sorted list of many words and many words over and over again", line[100] = "";
  struct node *list = NULL;
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
    list = insert(list, word);
  while (list != NULL) {
    struct node *next = list->next;
    strcat(line, list->word);
    if (next != NULL) strcat(line, " ");
    free(list->word);
    free(list);
    list = next;
  }
  printf("%s\n", line);
  return 0;
}
