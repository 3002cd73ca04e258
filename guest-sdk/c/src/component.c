/* The module inside a component: the contract's exports, and the host as its imports. Empty on every other target. */
#include "host.h"

#ifdef __wasm__

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bindings/module.h"
#include "module.h"

/* The bindings take texts without const, and only read them. */
static module_string_t lent(const char *text, size_t length) {
    return (module_string_t){(uint8_t *)(uintptr_t)text, length};
}

bool host_is_cancelled(void) { return cofferdam_module_job_context_is_cancelled(); }
void host_sleep(uint64_t milliseconds) { cofferdam_module_job_context_sleep(milliseconds); }

void host_log(cofferdam_level level, const char *message, size_t length) {
    module_string_t text = lent(message, length);
    cofferdam_module_job_context_log(&text, (cofferdam_module_job_context_log_level_t)level);
}

void host_report_progress(uint64_t done, const uint64_t *total) {
    uint64_t copy = total ? *total : 0;
    cofferdam_module_job_context_report_progress(done, total ? &copy : NULL);
}

static char *copy_of(const module_string_t *text) {
    char *copy = memory_of(text->len + 1, 1);
    memcpy(copy, text->ptr, text->len);
    return copy;
}

static host_answer answer_of(bool saved, cofferdam_module_job_context_save_error_t *error) {
    host_answer answer = {.saved = saved};
    if (saved) return answer;
    switch (error->tag) {
    case COFFERDAM_MODULE_TYPES_SAVE_ERROR_TOO_LARGE:
        answer.kind = COFFERDAM_TOO_LARGE;
        answer.limit_bytes = error->val.too_large;
        break;
    case COFFERDAM_MODULE_TYPES_SAVE_ERROR_LIMIT_REACHED:
        answer.kind = COFFERDAM_LIMIT_REACHED;
        answer.text = copy_of(&error->val.limit_reached);
        break;
    default:
        answer.kind = COFFERDAM_INVALID_JSON;
        answer.text = copy_of(&error->val.invalid_json);
        break;
    }
    cofferdam_module_job_context_save_error_free(error);
    return answer;
}

host_answer host_save_result(const char *json, size_t length) {
    module_string_t text = lent(json, length);
    cofferdam_module_job_context_save_error_t error;
    return answer_of(cofferdam_module_job_context_save_result(&text, &error), &error);
}

host_answer host_save_checkpoint(const char *json, size_t length) {
    module_string_t text = lent(json, length);
    cofferdam_module_job_context_save_error_t error;
    return answer_of(cofferdam_module_job_context_save_checkpoint(&text, &error), &error);
}

void exports_cofferdam_module_runner_describe(exports_cofferdam_module_runner_module_info_t *info) {
    module_schemas schemas;
    buffer message = {0};
    if (module_describe(&schemas, &message)) {
        fprintf(stderr, "cofferdam: %s\n", message.at);
        abort();
    }
    module_string_dup(&info->name, cofferdam_the_module.name);
    module_string_dup(&info->version, cofferdam_the_module.version);
    module_string_dup(&info->description, cofferdam_the_module.description ? cofferdam_the_module.description : "");
    module_string_set(&info->inputs_schema, schemas.inputs_schema);
    module_string_set(&info->settings_schema, schemas.settings_schema);
}

static cofferdam_text text_of(const module_string_t *text) {
    return (cofferdam_text){(const char *)text->ptr, text->len};
}

bool exports_cofferdam_module_runner_run(exports_cofferdam_module_runner_job_t *raw,
                                         exports_cofferdam_module_runner_failure_t *error) {
    char *id = copy_of(&raw->id);
    const cofferdam_text checkpoint = text_of(&raw->checkpoint.val);
    const module_job job = {id, raw->attempt, text_of(&raw->inputs), text_of(&raw->settings),
                            raw->checkpoint.is_some ? &checkpoint : NULL};
    module_failure failure;
    int outcome = module_run(&job, &failure);
    free(id);
    exports_cofferdam_module_runner_job_free(raw);
    if (!outcome) return true;
    error->tag = failure.retryable ? COFFERDAM_MODULE_TYPES_FAILURE_RETRYABLE : COFFERDAM_MODULE_TYPES_FAILURE_PERMANENT;
    module_string_dup(failure.retryable ? &error->val.retryable : &error->val.permanent, failure.message);
    return false;
}

#endif
