#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

static yyjson_mut_val *schema_of(yyjson_mut_doc *doc, const cofferdam_type *type, buffer *place, buffer *message);

static void say(yyjson_mut_doc *doc, yyjson_mut_val *schema, const char *keyword, const char *text) {
    yyjson_mut_obj_add_str(doc, schema, keyword, text);
}

/* Bounds that the C type has by itself. The widest say a reader nothing; they are checked all the same. */
static void say_range(yyjson_mut_doc *doc, yyjson_mut_val *schema, const cofferdam_field *field, cofferdam_kind kind) {
    bool narrow = field->size < 8 && kind == field->kind;
    if (field->minimum) yyjson_mut_obj_add(schema, yyjson_mut_str(doc, "minimum"), yyjson_mut_raw(doc, field->minimum));
    else if (kind == COFFERDAM_UNSIGNED) yyjson_mut_obj_add_uint(doc, schema, "minimum", 0);
    else if (kind == COFFERDAM_SIGNED && narrow)
        yyjson_mut_obj_add_sint(doc, schema, "minimum", -((int64_t)1 << (8 * field->size - 1)));
    if (field->maximum) yyjson_mut_obj_add(schema, yyjson_mut_str(doc, "maximum"), yyjson_mut_raw(doc, field->maximum));
    else if (kind == COFFERDAM_UNSIGNED && narrow)
        yyjson_mut_obj_add_uint(doc, schema, "maximum", ((uint64_t)1 << (8 * field->size)) - 1);
    else if (kind == COFFERDAM_SIGNED && narrow)
        yyjson_mut_obj_add_sint(doc, schema, "maximum", ((int64_t)1 << (8 * field->size - 1)) - 1);
}

static void say_words(yyjson_mut_doc *doc, yyjson_mut_val *schema, const char *words) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, schema, "enum");
    cofferdam_text word = {0};
    while (json_next_word(words, &word)) yyjson_mut_arr_add_strn(doc, list, word.at, word.length);
}

static yyjson_mut_val *scalar_schema(yyjson_mut_doc *doc, const cofferdam_field *field, cofferdam_kind kind) {
    yyjson_mut_val *schema = yyjson_mut_obj(doc);
    switch (kind) {
    case COFFERDAM_BOOL: say(doc, schema, "type", "boolean"); break;
    case COFFERDAM_SIGNED:
    case COFFERDAM_UNSIGNED: say(doc, schema, "type", "integer"); break;
    case COFFERDAM_REAL: say(doc, schema, "type", "number"); break;
    default: say(doc, schema, "type", "string"); break;
    }
    if (kind == COFFERDAM_SIGNED || kind == COFFERDAM_UNSIGNED || kind == COFFERDAM_REAL) say_range(doc, schema, field, kind);
    else if (field->words) say_words(doc, schema, field->words);
    return schema;
}

static yyjson_mut_val *field_schema(yyjson_mut_doc *doc, const cofferdam_field *field, buffer *place, buffer *message) {
    yyjson_mut_val *items;
    switch (field->kind) {
    case COFFERDAM_STRUCT: return schema_of(doc, field->of, place, message);
    case COFFERDAM_STRUCTS: items = schema_of(doc, field->of, place, message); break;
    case COFFERDAM_TEXTS: items = scalar_schema(doc, field, COFFERDAM_TEXT); break;
    case COFFERDAM_NUMBERS: items = scalar_schema(doc, field, COFFERDAM_REAL); break;
    case COFFERDAM_INTEGERS: items = scalar_schema(doc, field, COFFERDAM_SIGNED); break;
    default: return scalar_schema(doc, field, field->kind);
    }
    yyjson_mut_val *schema = yyjson_mut_obj(doc);
    say(doc, schema, "type", "array");
    yyjson_mut_obj_add_val(doc, schema, "items", items);
    return items ? schema : NULL;
}

/* A fallback that does not fit its field is found when the module is described, not when a job runs. */
static int say_fallback(yyjson_mut_doc *doc, yyjson_mut_val *schema, const cofferdam_field *field, buffer *place, buffer *message) {
    void *value = memory_of(1, field->size);
    int outcome = json_read_fallback(field, value, place, message);
    free(value);
    if (outcome) return -1;
    bool is_text = field->kind == COFFERDAM_C_STRING || field->kind == COFFERDAM_TEXT;
    yyjson_mut_obj_add(schema, yyjson_mut_str(doc, "default"),
                       is_text ? yyjson_mut_str(doc, field->fallback) : yyjson_mut_raw(doc, field->fallback));
    return 0;
}

static bool is_number(const char *text) {
    yyjson_doc *doc = yyjson_read(text, strlen(text), 0);
    bool number = yyjson_is_num(yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
    return number;
}

static int check_bounds(const cofferdam_field *field, buffer *place, buffer *message) {
    const char *bounds[] = {field->minimum, field->maximum};
    for (int at = 0; at < 2; at++) {
        if (!bounds[at] || is_number(bounds[at])) continue;
        buffer_append(message, "%s: the bound %s is no number", place->at, bounds[at]);
        return -1;
    }
    return 0;
}

/* A place that is longer than this is one of a struct that holds itself. */
enum { LONGEST_PLACE = 2000 };

static yyjson_mut_val *schema_of(yyjson_mut_doc *doc, const cofferdam_type *type, buffer *place, buffer *message) {
    if (place->length > LONGEST_PLACE) {
        buffer_append(message, "%.60s…: a struct that holds itself has no schema here", place->at);
        return NULL;
    }
    yyjson_mut_val *schema = yyjson_mut_obj(doc), *properties = yyjson_mut_obj(doc), *required = yyjson_mut_arr(doc);
    say(doc, schema, "type", "object");
    yyjson_mut_obj_add_val(doc, schema, "properties", properties);
    size_t length = place->length;
    for (const cofferdam_field *field = type->fields; field->kind != COFFERDAM_END; field++) {
        buffer_append(place, ".%s", field->name);
        if (check_bounds(field, place, message)) return NULL;
        yyjson_mut_val *one = field_schema(doc, field, place, message);
        if (!one) return NULL;
        if (field->doc) say(doc, one, "description", field->doc);
        if (field->fallback && say_fallback(doc, one, field, place, message)) return NULL;
        yyjson_mut_obj_add(properties, yyjson_mut_str(doc, field->name), one);
        if (!field->fallback && !field->optional) yyjson_mut_arr_add_str(doc, required, field->name);
        buffer_cut(place, length);
    }
    if (yyjson_mut_arr_size(required)) yyjson_mut_obj_add_val(doc, schema, "required", required);
    yyjson_mut_obj_add_bool(doc, schema, "additionalProperties", false);
    return schema;
}

int json_schema(const cofferdam_type *type, buffer *json, buffer *message) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    if (!doc) memory_used_up();
    buffer place = {0};
    buffer_append(&place, "%s", type->name);
    yyjson_mut_val *schema = schema_of(doc, type, &place, message);
    buffer_free(&place);
    if (schema) {
        yyjson_mut_obj_insert(schema, yyjson_mut_str(doc, "$schema"),
                              yyjson_mut_str(doc, "https://json-schema.org/draft/2020-12/schema"), 0);
        yyjson_mut_doc_set_root(doc, schema);
        size_t length = 0;
        char *text = yyjson_mut_write(doc, 0, &length);
        if (text) buffer_append_bytes(json, text, length);
        free(text);
    }
    yyjson_mut_doc_free(doc);
    return schema ? 0 : -1;
}
