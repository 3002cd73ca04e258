/* The module as its host sees it: texts in, texts out. Called by component.c and by the stand-in. */
#ifndef COFFERDAM_MODULE_H
#define COFFERDAM_MODULE_H

#include "buffer.h"

typedef struct { char *inputs_schema, *settings_schema; } module_schemas;

/* Checks what COFFERDAM_MODULE said, and derives the schemas. -1 and a message when it is not what a module may be. */
int module_describe(module_schemas *schemas, buffer *message);

typedef struct {
    const char *id;
    uint32_t attempt;
    cofferdam_text inputs, settings;
    const cofferdam_text *checkpoint;
} module_job;

typedef struct {
    bool retryable;
    const char *message;
} module_failure;

/* Runs one attempt. 0, or -1 and why. */
int module_run(const module_job *job, module_failure *failure);

/* Notes a failure without a place and without a log line. */
void module_note(bool retryable, const char *message);

/* The checkpoint of the attempt that runs, or null. */
const cofferdam_text *module_checkpoint(void);

#endif
