/* A text that grows. Memory that is used up ends the attempt: there is nothing left to say it with. */
#ifndef COFFERDAM_BUFFER_H
#define COFFERDAM_BUFFER_H

#include <cofferdam.h>
#include <stdarg.h>

typedef struct { char *at; size_t length, capacity; } buffer;

void buffer_append(buffer *to, const char *format, ...) COFFERDAM_LIKE_PRINTF(2);
void buffer_append_list(buffer *to, const char *format, va_list arguments);
void buffer_append_bytes(buffer *to, const char *bytes, size_t length);
/* Cuts the text back to an earlier length. */
void buffer_cut(buffer *text, size_t length);
void buffer_free(buffer *text);

_Noreturn void memory_used_up(void);

/* Memory that is there, all zeros. */
void *memory_of(size_t count, size_t size);

#endif
