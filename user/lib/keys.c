/* Keys of a terminal: what its escape sequences mean (ECMA-48, and what xterm and Linux send). */
#include <edit.h>

#define ESCAPE 0x1b
#define RUBOUT 0x7f

/* The key whose sequence ends with LETTER, or KEY_NONE. */
static int key_of_letter(unsigned char letter) {
  switch (letter) {
  case 'A': return KEY_UP;
  case 'B': return KEY_DOWN;
  case 'C': return KEY_RIGHT;
  case 'D': return KEY_LEFT;
  case 'H': return KEY_HOME;
  case 'F': return KEY_END;
  default: return KEY_NONE;
  }
}

/* The key whose sequence is NUMBER and a tilde, or KEY_NONE. */
static int key_of_number(unsigned number) {
  switch (number) {
  case 1:
  case 7: return KEY_HOME;
  case 4:
  case 8: return KEY_END;
  case 3: return KEY_DELETE;
  default: return KEY_NONE;
  }
}

/* Takes BYTE, no control character, after "escape [": parameters, then a final byte.  Linux has keys
   with a second bracket and a letter. */
static int read_csi(struct key_reader *reader, unsigned char byte) {
  if (byte < '@') {
    if (byte == ';') reader->is_first = false;
    if (byte >= '0' && byte <= '9' && reader->is_first && reader->number < 1000)
      reader->number = reader->number * 10 + byte - '0';
    return KEY_NONE;
  }
  reader->state = byte == '[' ? KEYS_ONE_MORE : KEYS_PLAIN;
  return byte == '~' ? key_of_number(reader->number) : key_of_letter(byte);
}

/* Takes BYTE, no control character, in a sequence. */
static int read_sequence(struct key_reader *reader, unsigned char byte) {
  switch (reader->state) {
  case KEYS_CSI: return read_csi(reader, byte);
  case KEYS_ESCAPE:
    reader->state = byte == '[' ? KEYS_CSI : byte == 'O' ? KEYS_ONE_MORE : KEYS_PLAIN;
    reader->number = byte == 'O';
    reader->is_first = true;
    if (byte == '[') reader->number = 0;
    return KEY_NONE;
  default: reader->state = KEYS_PLAIN; return reader->number == 1 ? key_of_letter(byte) : KEY_NONE;
  }
}

/* A control character ends a sequence that is under way, and means what it always does. */
int key_read(struct key_reader *reader, unsigned char byte) {
  if (byte == ESCAPE) {
    reader->state = KEYS_ESCAPE;
    return KEY_NONE;
  }
  if (byte < ' ' || byte == RUBOUT) reader->state = KEYS_PLAIN;
  return reader->state == KEYS_PLAIN ? byte : read_sequence(reader, byte);
}

/* Keeps what is a key of one byte and no control character, or a blank. */
void key_strip(char *text) {
  struct key_reader reader = {0};
  char *kept = text;
  for (; *text != '\0'; text++) {
    int key = key_read(&reader, (unsigned char)*text);
    if (key == '\t') key = ' ';
    if (key >= ' ' && key != RUBOUT && key < KEY_LEFT) *kept++ = (char)key;
  }
  *kept = '\0';
}
