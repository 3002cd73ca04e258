/* Between JSON texts and structs, as their cofferdam_type says. Knows nothing of jobs. */
#ifndef COFFERDAM_JSON_H
#define COFFERDAM_JSON_H

#include "buffer.h"

typedef enum {
    JSON_EXACT,   /* unknown fields are refused: for what people write */
    JSON_TOLERANT /* unknown fields are passed over, and null is an empty text or list: for what the module wrote */
} json_strictness;

/* Fills the struct at `into` from a text. What it points to is kept (kept.h). When something does not fit, -1 and a message
 * that begins with `what` and the place, in `message`. */
int json_read(const char *what, const char *json, size_t length, const cofferdam_type *type, void *into,
              json_strictness strictness, buffer *message);

/* Writes the struct as JSON text. -1 and a message when a number or a text in it has no JSON form. */
int json_write(const void *from, const cofferdam_type *type, buffer *json, buffer *message);

/* Writes the type's JSON Schema (2020-12). -1 and a message when a field's fallback or bounds do not fit the field. */
int json_schema(const cofferdam_type *type, buffer *json, buffer *message);

/* The words of a field one by one: the first one when `word` is empty. False after the last. */
bool json_next_word(const char *words, cofferdam_text *word);

/* Reads a fallback, which is JSON, or a plain text where the field is one. */
int json_read_fallback(const cofferdam_field *field, void *into, buffer *place, buffer *message);

#endif
