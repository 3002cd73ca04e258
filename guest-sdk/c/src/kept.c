#include "kept.h"

#include <stdlib.h>

#include "buffer.h"

typedef struct kept {
    struct kept *next;
    void *memory;
    void (*release)(void *memory);
} kept;

static kept *first;

void *keep(void *memory, void (*release)(void *memory)) {
    kept *one = memory_of(1, sizeof *one);
    *one = (kept){first, memory, release};
    first = one;
    return memory;
}

void release_kept(void) {
    while (first) {
        kept *one = first;
        first = one->next;
        one->release(one->memory);
        free(one);
    }
}
