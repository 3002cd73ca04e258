/* The conformance module in C: one behaviour of the contract a run. */
#include <string.h>

#include "module.h"

COFFERDAM_TYPE(inputs,
    COFFERDAM_FIELD(inputs, behaviour, .doc = "What to do.",
        .words = "log-levels, log-many, log-size, echo, results, big-result, big-checkpoint, full, invalid-json, checkpoints,"
                 "progress, sleep, wait-for-stop, permanent, retryable, exception, wrong-checkpoint"),
    COFFERDAM_FIELD(inputs, count, .fallback = "0", .doc = "How often."),
    COFFERDAM_FIELD(inputs, size, .fallback = "0", .doc = "How large, or how long in milliseconds."),
    COFFERDAM_FIELD(inputs, text, .fallback = "", .doc = "What to say."));

COFFERDAM_TYPE(settings, COFFERDAM_FIELD(settings, prefix, .fallback = "", .doc = "What stands before each text."));

#define SHOWN(TEXT) (int)(TEXT).length, (TEXT).at

static int log_levels(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    const settings *set = job->settings;
    for (int level = COFFERDAM_TRACE; level <= COFFERDAM_CRITICAL; level++)
        cofferdam_log((cofferdam_level)level, "%.*s%.*s", SHOWN(set->prefix), SHOWN(in->text));
    return 0;
}

static int log_many(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    for (uint64_t line = 1; line <= in->count; line++) cofferdam_info("line %llu", (unsigned long long)line);
    return 0;
}

static int log_size(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    cofferdam_log_text(COFFERDAM_INFO, letters(in->size));
    return 0;
}

static int checkpoints(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    numbered state = {0};
    if (cofferdam_read_checkpoint(&state, &numbered_type) < 0) return -1;
    while (state.n < in->count && !cofferdam_is_cancelled()) {
        state.n++;
        if (cofferdam_save_result(&state, &numbered_type) || cofferdam_save_checkpoint(&state, &numbered_type)) return -1;
        cofferdam_report_progress(state.n, in->count);
        if (in->size > 0) cofferdam_sleep_ms(in->size);
    }
    return 0;
}

static int wrong_checkpoint(const cofferdam_job *job) {
    (void)job;
    numbered state;
    return cofferdam_read_checkpoint(&state, &numbered_type) < 0 ? -1 : 0;
}

static int progress(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    for (uint64_t done = 1; done <= in->count; done++) cofferdam_report_progress(done, in->count);
    cofferdam_report_progress_without_total(in->count);
    return 0;
}

typedef struct { bool cancelled; } slept;
COFFERDAM_TYPE(slept, COFFERDAM_FIELD(slept, cancelled));

static int sleep_once(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    cofferdam_sleep_ms(in->size);
    slept result = {cofferdam_is_cancelled()};
    return cofferdam_save_result(&result, &slept_type);
}

typedef struct { bool stopped; } stopped;
COFFERDAM_TYPE(stopped, COFFERDAM_FIELD(stopped, stopped));

static int wait_for_stop(const cofferdam_job *job) {
    (void)job;
    while (!cofferdam_is_cancelled()) cofferdam_sleep_ms(1000);
    return cofferdam_save_checkpoint(&(stopped){true}, &stopped_type);
}

static int permanent(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    return cofferdam_fail("%.*s", SHOWN(in->text));
}

typedef struct { uint32_t attempt; } attempted;
COFFERDAM_TYPE(attempted, COFFERDAM_FIELD(attempted, attempt));

static int retryable(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    if (job->attempt < in->count) return cofferdam_fail_retryable("%.*s", SHOWN(in->text));
    return cofferdam_save_result(&(attempted){job->attempt}, &attempted_type);
}

static int deep(const inputs *in) { return cofferdam_fail_bug("%.*s", SHOWN(in->text)); }
static int outer(const inputs *in) { return deep(in); }
static int exception(const cofferdam_job *job) { return outer(job->inputs); }

static const struct { const char *name; behaviour *behave; } behaviours[] = {
    {"log-levels", log_levels}, {"log-many", log_many}, {"log-size", log_size}, {"echo", echo}, {"results", results},
    {"big-result", big_result}, {"big-checkpoint", big_checkpoint}, {"full", full}, {"invalid-json", invalid_json},
    {"checkpoints", checkpoints}, {"progress", progress}, {"sleep", sleep_once}, {"wait-for-stop", wait_for_stop},
    {"permanent", permanent}, {"retryable", retryable}, {"exception", exception}, {"wrong-checkpoint", wrong_checkpoint},
};

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    for (size_t at = 0; at < sizeof behaviours / sizeof *behaviours; at++)
        if (!strcmp(behaviours[at].name, in->behaviour)) return behaviours[at].behave(job);
    return cofferdam_fail("there is no behaviour %s", in->behaviour);
}

COFFERDAM_MODULE(.name = "conformance-c", .version = "0.1.0",
                 .description = "Does what the contract's tests ask of a module, in C.",
                 .inputs = &inputs_type, .settings = &settings_type, .run = run);
