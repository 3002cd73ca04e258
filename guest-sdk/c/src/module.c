#include "module.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "json.h"
#include "kept.h"

typedef struct { char none; } nothing;
static const cofferdam_type nothing_type = {"nothing", sizeof(nothing), (const cofferdam_field[]){{.kind = COFFERDAM_END}}};

static struct {
    const cofferdam_text *checkpoint;
    buffer failure;
    bool retryable;
} attempt;

const cofferdam_text *module_checkpoint(void) { return attempt.checkpoint; }

void module_note(bool retryable, const char *message) {
    buffer text = {0};
    buffer_append(&text, "%s", message);
    buffer_free(&attempt.failure);
    attempt.failure = text;
    attempt.retryable = retryable;
}

/* ---- Describing -------------------------------------------------------------------------------------------------- */

static bool is_name(const char *name) {
    bool after_hyphen = true;
    for (const char *at = name; *at; at++) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')) after_hyphen = false;
        else if (*at == '-' && !after_hyphen) after_hyphen = true;
        else return false;
    }
    return !after_hyphen && strlen(name) <= 64;
}

/* Whether three numbers with two dots stand at the start. The host reads the rest. */
static bool starts_like_a_version(const char *version) {
    for (int number = 0; number < 3; number++) {
        size_t digits = strspn(version, "0123456789");
        if (digits == 0) return false;
        version += digits;
        if (number < 2 && *version++ != '.') return false;
    }
    return *version == 0 || *version == '-' || *version == '+';
}

static int schema_text(const cofferdam_type *type, char **text, buffer *message) {
    buffer json = {0};
    if (json_schema(type ? type : &nothing_type, &json, message)) return -1;
    *text = keep(json.at, free);
    return 0;
}

int module_describe(module_schemas *schemas, buffer *message) {
    const cofferdam_module *module = &cofferdam_the_module;
    if (!module->name || !is_name(module->name)) {
        buffer_append(message, "the module's name \"%s\" is not 1 to 64 characters, lowercase words of letters and digits "
                               "joined by single hyphens", module->name ? module->name : "");
        return -1;
    }
    if (!module->version || !starts_like_a_version(module->version)) {
        buffer_append(message, "the module's version \"%s\" is not a semantic version such as 1.4.0",
                      module->version ? module->version : "");
        return -1;
    }
    if (!module->run) {
        buffer_append(message, "COFFERDAM_MODULE names no .run");
        return -1;
    }
    return schema_text(module->inputs, &schemas->inputs_schema, message) ||
           schema_text(module->settings, &schemas->settings_schema, message) ? -1 : 0;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void *read_values(const char *what, cofferdam_text json, const cofferdam_type *type) {
    if (!type) type = &nothing_type;
    void *values = memory_of(1, type->size);
    buffer message = {0};
    if (json_read(what, json.at, json.length, type, values, JSON_EXACT, &message)) {
        module_note(false, message.at);
        free(values);
        values = NULL;
    }
    buffer_free(&message);
    return values;
}

int module_run(const module_job *given, module_failure *failure) {
    buffer_free(&attempt.failure);
    attempt.retryable = false;
    attempt.checkpoint = given->checkpoint;
    int outcome = -1;
    void *settings = NULL, *inputs = read_values("inputs", given->inputs, cofferdam_the_module.inputs);
    if (inputs) settings = read_values("settings", given->settings, cofferdam_the_module.settings);
    if (settings) {
        const cofferdam_job job = {given->id, given->attempt, inputs, settings};
        outcome = cofferdam_the_module.run(&job);
        if (outcome && !attempt.failure.at) module_note(false, "the module's function failed without saying why");
    }
    free(inputs);
    free(settings);
    release_kept();
    *failure = (module_failure){attempt.retryable, attempt.failure.at};
    return outcome ? -1 : 0;
}
