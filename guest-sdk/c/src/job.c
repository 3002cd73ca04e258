/* What a running job can ask of its host: the public functions of cofferdam.h. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "json.h"
#include "module.h"

void cofferdam_log(cofferdam_level level, const char *format, ...) {
    buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_append_list(&message, format, arguments);
    va_end(arguments);
    host_log(level, message.at, message.length);
    buffer_free(&message);
}

void cofferdam_log_text(cofferdam_level level, cofferdam_text message) {
    host_log(level, message.at ? message.at : "", message.at ? message.length : 0);
}

int cofferdam_note_failure(cofferdam_failure_kind kind, const char *file, int line, const char *function, const char *format,
                           ...) {
    const char *slash = strrchr(file, '/');
    buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_append_list(&message, format, arguments);
    va_end(arguments);
    size_t length = message.length;
    buffer_append(&message, " (in %s, %s:%d)", function, slash ? slash + 1 : file, line);
    host_log(kind == COFFERDAM_RETRYABLE ? COFFERDAM_WARN : COFFERDAM_ERROR, message.at, message.length);
    if (kind != COFFERDAM_BUG) buffer_cut(&message, length);
    module_note(kind == COFFERDAM_RETRYABLE, message.at);
    buffer_free(&message);
    return -1;
}

/* ---- Saving ------------------------------------------------------------------------------------------------------ */

static cofferdam_refusal refusal;
static buffer refusal_reason, refusal_message;

const cofferdam_refusal *cofferdam_last_refusal(void) { return &refusal; }

static int refuse(cofferdam_refusal_kind kind, uint64_t limit_bytes, const char *reason) {
    buffer_free(&refusal_reason);
    buffer_free(&refusal_message);
    buffer_append(&refusal_reason, "%s", reason ? reason : "");
    switch (kind) {
    case COFFERDAM_INVALID_JSON:
        buffer_append(&refusal_message, "not saved, because the value is not a JSON object: %s", refusal_reason.at);
        break;
    case COFFERDAM_TOO_LARGE:
        buffer_append(&refusal_message, "not saved, because the JSON text is larger than %llu bytes",
                      (unsigned long long)limit_bytes);
        break;
    case COFFERDAM_LIMIT_REACHED:
        buffer_append(&refusal_message, "not saved, because a limit of the job is used up: %s", refusal_reason.at);
        break;
    }
    refusal = (cofferdam_refusal){kind, limit_bytes, refusal_reason.at, refusal_message.at};
    module_note(false, refusal.message);
    return -1;
}

typedef host_answer (*save_function)(const char *json, size_t length);

static int save_json(save_function save, const char *json, size_t length) {
    host_answer answer = save(json, length);
    int outcome = answer.saved ? 0 : refuse(answer.kind, answer.limit_bytes, answer.text);
    free(answer.text);
    return outcome;
}

static int save_struct(save_function save, const void *value, const cofferdam_type *type) {
    buffer json = {0}, message = {0};
    int outcome = json_write(value, type, &json, &message) ? refuse(COFFERDAM_INVALID_JSON, 0, message.at)
                                                           : save_json(save, json.at, json.length);
    buffer_free(&json);
    buffer_free(&message);
    return outcome;
}

int cofferdam_save_result(const void *result, const cofferdam_type *type) {
    return save_struct(host_save_result, result, type);
}

int cofferdam_save_checkpoint(const void *state, const cofferdam_type *type) {
    return save_struct(host_save_checkpoint, state, type);
}

int cofferdam_save_result_json(const char *json, size_t length) { return save_json(host_save_result, json, length); }
int cofferdam_save_checkpoint_json(const char *json, size_t length) { return save_json(host_save_checkpoint, json, length); }

int cofferdam_read_checkpoint(void *state, const cofferdam_type *type) {
    const cofferdam_text *checkpoint = module_checkpoint();
    if (!checkpoint) return 0;
    buffer message = {0};
    int outcome = json_read("checkpoint", checkpoint->at, checkpoint->length, type, state, JSON_TOLERANT, &message);
    if (outcome) module_note(false, message.at);
    buffer_free(&message);
    return outcome ? -1 : 1;
}

/* ---- The rest ---------------------------------------------------------------------------------------------------- */

bool cofferdam_is_cancelled(void) { return host_is_cancelled(); }
void cofferdam_report_progress(uint64_t done, uint64_t total) { host_report_progress(done, &total); }
void cofferdam_report_progress_without_total(uint64_t done) { host_report_progress(done, NULL); }
void cofferdam_sleep_ms(uint64_t milliseconds) { host_sleep(milliseconds); }
