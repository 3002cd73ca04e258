#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void memory_used_up(void) {
    fputs("cofferdam: the module's memory is used up\n", stderr);
    abort();
}

static void *there(void *memory) {
    if (!memory) memory_used_up();
    return memory;
}

void *memory_of(size_t count, size_t size) {
    return there(calloc(count ? count : 1, size ? size : 1));
}

static void make_room(buffer *to, size_t more) {
    size_t needed = to->length + more + 1;
    if (needed <= to->capacity) return;
    to->capacity = needed > 2 * to->capacity ? needed : 2 * to->capacity;
    to->at = there(realloc(to->at, to->capacity));
}

void buffer_append_bytes(buffer *to, const char *bytes, size_t length) {
    make_room(to, length);
    if (length) memcpy(to->at + to->length, bytes, length);
    to->length += length;
    to->at[to->length] = 0;
}

void buffer_append_list(buffer *to, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length > 0) {
        make_room(to, (size_t)length);
        vsnprintf(to->at + to->length, (size_t)length + 1, format, again);
        to->length += (size_t)length;
    } else {
        buffer_append_bytes(to, "", 0);
    }
    va_end(again);
}

void buffer_append(buffer *to, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buffer_append_list(to, format, arguments);
    va_end(arguments);
}

void buffer_cut(buffer *text, size_t length) {
    text->length = length;
    if (text->at) text->at[length] = 0;
}

void buffer_free(buffer *text) {
    free(text->at);
    *text = (buffer){0};
}
