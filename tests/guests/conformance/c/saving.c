/* The behaviours that save, and see what the host says to it. */
#include <cofferdam_contract.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

cofferdam_text letters(uint64_t count) {
    char *at = malloc(count ? count : 1);
    if (!at) abort();
    memset(at, 'x', count);
    return (cofferdam_text){at, count};
}

typedef struct {
    cofferdam_text text, prefix;
    uint64_t count;
    uint32_t attempt;
    const char *job_id;
    bool same_id;
} echoed;
COFFERDAM_TYPE(echoed, COFFERDAM_FIELD(echoed, text), COFFERDAM_FIELD(echoed, prefix), COFFERDAM_FIELD(echoed, count),
               COFFERDAM_FIELD(echoed, attempt), COFFERDAM_FIELD(echoed, job_id), COFFERDAM_FIELD(echoed, same_id));

int echo(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    const settings *set = job->settings;
    module_string_t id;
    cofferdam_module_job_context_job_id(&id);
    bool same = id.len == strlen(job->id) && !memcmp(id.ptr, job->id, id.len);
    module_string_free(&id);
    cofferdam_log_text(COFFERDAM_INFO, in->text);
    return cofferdam_save_result(&(echoed){in->text, set->prefix, in->count, job->attempt, job->id, same}, &echoed_type);
}

int results(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    for (numbered result = {1}; result.n <= in->count; result.n++)
        if (cofferdam_save_result(&result, &numbered_type)) return -1;
    return 0;
}

typedef struct { cofferdam_text text; } big;
COFFERDAM_TYPE(big, COFFERDAM_FIELD(big, text));

typedef struct { const char *refused; uint64_t limit; } refused;
COFFERDAM_TYPE(refused, COFFERDAM_FIELD(refused, refused), COFFERDAM_FIELD(refused, limit));

/* Saves what the limit was when the last value was too large. */
static int save_limit(void) {
    const cofferdam_refusal *refusal = cofferdam_last_refusal();
    if (refusal->kind != COFFERDAM_TOO_LARGE) return -1;
    cofferdam_warn("%s", refusal->message);
    return cofferdam_save_result(&(refused){"too-large", refusal->limit_bytes}, &refused_type);
}

int big_result(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    return cofferdam_save_result(&(big){letters(in->size)}, &big_type) ? save_limit() : 0;
}

typedef struct { uint64_t saved; } saved;
COFFERDAM_TYPE(saved, COFFERDAM_FIELD(saved, saved));

int big_checkpoint(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    if (cofferdam_save_checkpoint(&(big){letters(in->size)}, &big_type)) return save_limit();
    return cofferdam_save_result(&(saved){in->size}, &saved_type);
}

int full(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    big result = {letters(in->size)};
    for (uint64_t at = 0; at < in->count; at++) {
        if (!cofferdam_save_result(&result, &big_type)) continue;
        const cofferdam_refusal *refusal = cofferdam_last_refusal();
        if (refusal->kind != COFFERDAM_LIMIT_REACHED) return -1;
        cofferdam_warn("limit reached: %s", refusal->reason);
        return 0;
    }
    return cofferdam_fail("never refused");
}

typedef struct { int refused; } refused_count;
COFFERDAM_TYPE(refused_count, COFFERDAM_FIELD(refused_count, refused));

typedef bool raw_save(module_string_t *json, cofferdam_module_job_context_save_error_t *error);

static bool is_invalid(raw_save *save, const char *json) {
    module_string_t text;
    module_string_set(&text, json);
    cofferdam_module_job_context_save_error_t error;
    if (save(&text, &error)) return false;
    bool invalid = error.tag == COFFERDAM_MODULE_TYPES_SAVE_ERROR_INVALID_JSON;
    cofferdam_module_job_context_save_error_free(&error);
    return invalid;
}

int invalid_json(const cofferdam_job *job) {
    (void)job;
    refused_count result = {0};
    const char *texts[] = {"[1]", "{\"a\":"};
    for (int at = 0; at < 2; at++) {
        result.refused += is_invalid(cofferdam_module_job_context_save_result, texts[at]);
        result.refused += is_invalid(cofferdam_module_job_context_save_checkpoint, texts[at]);
    }
    return cofferdam_save_result(&result, &refused_count_type);
}
