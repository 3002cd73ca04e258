/* The seam between the SDK and whoever answers it: component.c inside a component, stand_in.c in native tests. */
#ifndef COFFERDAM_HOST_H
#define COFFERDAM_HOST_H

#include <cofferdam.h>

/* Why the host refused to save; `saved` when it did not. `text` belongs to the caller and may be null. */
typedef struct {
    bool saved;
    cofferdam_refusal_kind kind;
    uint64_t limit_bytes;
    char *text;
} host_answer;

bool host_is_cancelled(void);
void host_log(cofferdam_level level, const char *message, size_t length);
host_answer host_save_result(const char *json, size_t length);
host_answer host_save_checkpoint(const char *json, size_t length);
void host_report_progress(uint64_t done, const uint64_t *total);
void host_sleep(uint64_t milliseconds);

#endif
