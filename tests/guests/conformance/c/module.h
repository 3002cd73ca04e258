/* What the files of this module share: its inputs, its settings, and one function a behaviour. */
#ifndef CONFORMANCE_MODULE_H
#define CONFORMANCE_MODULE_H

#include <cofferdam.h>

typedef struct {
    const char *behaviour;
    uint64_t count, size;
    cofferdam_text text;
} inputs;

typedef struct { cofferdam_text prefix; } settings;

typedef struct { uint64_t n; } numbered;
COFFERDAM_TYPE(numbered, COFFERDAM_FIELD(numbered, n));

typedef int behaviour(const cofferdam_job *job);

behaviour echo, results, big_result, big_checkpoint, full, invalid_json;

/* `count` letters x. */
cofferdam_text letters(uint64_t count);

#endif
