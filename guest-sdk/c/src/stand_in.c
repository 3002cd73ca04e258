/* A host in memory, for native tests. It checks of a saved value what the real one checks: that it is a JSON object, and
 * limits. Empty inside a component. */
#include <cofferdam_test.h>

#ifndef __wasm__

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "host.h"
#include "http_stand_in.h"
#include "module.h"

/* Lists that grow. */
static struct {
    cofferdam_attempt attempt;
    unsigned asked;
    cofferdam_recording recording;
    cofferdam_line *log;
    const char **results, **checkpoints;
    cofferdam_progress *progress;
} host;

static void *one_more(void *list, size_t count, size_t size) {
    void *grown = realloc(list, (count + 1) * size);
    if (!grown) abort();
    return grown;
}

static char *copy_of(const char *text, size_t length) {
    char *copy = memory_of(length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

bool host_is_cancelled(void) {
    host.asked++;
    return host.attempt.cancel_after && host.asked > host.attempt.cancel_after;
}

void host_log(cofferdam_level level, const char *message, size_t length) {
    size_t count = host.recording.log_count++;
    host.log = one_more(host.log, count, sizeof *host.log);
    host.log[count] = (cofferdam_line){level, copy_of(message, length)};
}

void host_report_progress(uint64_t done, const uint64_t *total) {
    size_t count = host.recording.progress_count++;
    host.progress = one_more(host.progress, count, sizeof *host.progress);
    host.progress[count] = (cofferdam_progress){done, total ? *total : 0, total != NULL};
}

void host_sleep(uint64_t milliseconds) { host.recording.slept_ms += milliseconds; }

static host_answer refused(cofferdam_refusal_kind kind, const char *text) {
    return (host_answer){.kind = kind, .limit_bytes = host.attempt.max_bytes, .text = copy_of(text, strlen(text))};
}

static host_answer examine(const char *json, size_t length) {
    if (host.attempt.max_bytes && length > host.attempt.max_bytes) return refused(COFFERDAM_TOO_LARGE, "");
    yyjson_read_err error = {0};
    yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)json, length, 0, NULL, &error);
    bool is_object = yyjson_is_obj(yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
    if (is_object) return (host_answer){.saved = true};
    return refused(COFFERDAM_INVALID_JSON, doc ? "the text is not an object" : error.msg);
}

host_answer host_save_result(const char *json, size_t length) {
    host_answer answer = examine(json, length);
    size_t count = host.recording.result_count;
    if (!answer.saved) return answer;
    if (host.attempt.max_results && count >= host.attempt.max_results) return refused(COFFERDAM_LIMIT_REACHED, "results");
    host.results = one_more(host.results, count, sizeof *host.results);
    host.results[count] = copy_of(json, length);
    host.recording.result_count++;
    return answer;
}

host_answer host_save_checkpoint(const char *json, size_t length) {
    host_answer answer = examine(json, length);
    size_t count = host.recording.checkpoint_count;
    if (!answer.saved) return answer;
    host.checkpoints = one_more(host.checkpoints, count, sizeof *host.checkpoints);
    host.checkpoints[count] = copy_of(json, length);
    host.recording.checkpoint_count++;
    host.recording.final_results = host.recording.result_count;
    return answer;
}

static cofferdam_text text_of(const char *text) {
    if (!text) text = "{}";
    return (cofferdam_text){text, strlen(text)};
}

cofferdam_recording *cofferdam_test_run(cofferdam_attempt attempt) {
    memset(&host, 0, sizeof host);
    host.attempt = attempt;
    cofferdam_text checkpoint = text_of(attempt.checkpoint);
    const module_job job = {attempt.id ? attempt.id : "test-job", attempt.attempt ? attempt.attempt : 1,
                            text_of(attempt.inputs), text_of(attempt.settings), attempt.checkpoint ? &checkpoint : NULL};
    module_failure failure;
    cofferdam_recording *recording = memory_of(1, sizeof *recording);
    http_stand_in(attempt.http);
    bool failed = module_run(&job, &failure);
    http_stand_in(NULL);
    *recording = host.recording;
    recording->failed = failed;
    recording->retryable = failed && failure.retryable;
    recording->message = failed ? copy_of(failure.message, strlen(failure.message)) : NULL;
    recording->log = host.log;
    recording->results = host.results;
    recording->checkpoints = host.checkpoints;
    recording->progress = host.progress;
    return recording;
}

static void free_texts(const char *const *texts, size_t count) {
    for (size_t at = 0; at < count; at++) free((void *)(uintptr_t)texts[at]);
    free((void *)(uintptr_t)texts);
}

void cofferdam_test_free(cofferdam_recording *recording) {
    for (size_t at = 0; at < recording->log_count; at++) free((void *)(uintptr_t)recording->log[at].message);
    free((void *)(uintptr_t)recording->log);
    free((void *)(uintptr_t)recording->progress);
    free_texts(recording->results, recording->result_count);
    free_texts(recording->checkpoints, recording->checkpoint_count);
    free((void *)(uintptr_t)recording->message);
    free(recording);
}

const char *cofferdam_test_describe(const char **inputs_schema, const char **settings_schema) {
    module_schemas schemas = {0};
    buffer message = {0};
    if (module_describe(&schemas, &message)) return message.at;
    if (inputs_schema) *inputs_schema = schemas.inputs_schema;
    if (settings_schema) *settings_schema = schemas.settings_schema;
    return NULL;
}

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static unsigned checked, broken;

void cofferdam_check(bool holds, const char *file, int line, const char *condition) {
    checked++;
    if (holds) return;
    broken++;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
}

void cofferdam_check_text(const char *actual, const char *expected, const char *file, int line) {
    checked++;
    if (actual && expected ? !strcmp(actual, expected) : actual == expected) return;
    broken++;
    fprintf(stderr, "%s:%d: expected\n    %s\nbut there is\n    %s\n", file, line, expected ? expected : "nothing",
            actual ? actual : "nothing");
}

int cofferdam_checks_done(const char *file) {
    printf("%s: %u checks, %u broken\n", file, checked, broken);
    return broken ? 1 : 0;
}

#endif
