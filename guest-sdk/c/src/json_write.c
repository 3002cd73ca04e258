#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

/* Every list begins with these two. */
typedef struct { const char *items; size_t count; } any_list;

static yyjson_mut_val *write_struct(yyjson_mut_doc *doc, const cofferdam_type *type, const char *from);

static yyjson_mut_val *write_text(yyjson_mut_doc *doc, cofferdam_text text) {
    return yyjson_mut_strn(doc, text.at ? text.at : "", text.at ? text.length : 0);
}

static int64_t load_signed(const char *from, size_t size) {
    switch (size) {
    case 1: return *(const int8_t *)from;
    case 2: return *(const int16_t *)from;
    case 4: return *(const int32_t *)from;
    default: return *(const int64_t *)from;
    }
}

static uint64_t load_unsigned(const char *from, size_t size) {
    switch (size) {
    case 1: return *(const uint8_t *)from;
    case 2: return *(const uint16_t *)from;
    case 4: return *(const uint32_t *)from;
    default: return *(const uint64_t *)from;
    }
}

static yyjson_mut_val *write_element(yyjson_mut_doc *doc, const cofferdam_field *field, any_list list, size_t at) {
    switch (field->kind) {
    case COFFERDAM_TEXTS: return write_text(doc, ((const cofferdam_text *)(const void *)list.items)[at]);
    case COFFERDAM_NUMBERS: return yyjson_mut_real(doc, ((const double *)(const void *)list.items)[at]);
    case COFFERDAM_INTEGERS: return yyjson_mut_sint(doc, ((const int64_t *)(const void *)list.items)[at]);
    default: return write_struct(doc, field->of, list.items + at * field->of->size);
    }
}

static yyjson_mut_val *write_field(yyjson_mut_doc *doc, const cofferdam_field *field, const char *from) {
    const char *text;
    switch (field->kind) {
    case COFFERDAM_BOOL: return yyjson_mut_bool(doc, *(const bool *)from);
    case COFFERDAM_SIGNED: return yyjson_mut_sint(doc, load_signed(from, field->size));
    case COFFERDAM_UNSIGNED: return yyjson_mut_uint(doc, load_unsigned(from, field->size));
    case COFFERDAM_REAL:
        return yyjson_mut_real(doc, field->size == sizeof(float) ? *(const float *)from : *(const double *)from);
    case COFFERDAM_C_STRING:
        text = *(const char *const *)from;
        return text ? yyjson_mut_str(doc, text) : yyjson_mut_null(doc);
    case COFFERDAM_TEXT: return write_text(doc, *(const cofferdam_text *)from);
    case COFFERDAM_STRUCT: return write_struct(doc, field->of, from);
    default: break;
    }
    any_list list;
    memcpy(&list, from, sizeof list);
    yyjson_mut_val *array = yyjson_mut_arr(doc);
    for (size_t at = 0; at < list.count; at++) yyjson_mut_arr_append(array, write_element(doc, field, list, at));
    return array;
}

static yyjson_mut_val *write_struct(yyjson_mut_doc *doc, const cofferdam_type *type, const char *from) {
    yyjson_mut_val *object = yyjson_mut_obj(doc);
    for (const cofferdam_field *field = type->fields; field->kind != COFFERDAM_END; field++) {
        const char *value = from + field->offset;
        /* A text that is not there is left out where it may be. */
        if (field->optional && field->kind == COFFERDAM_C_STRING && !*(const char *const *)value) continue;
        yyjson_mut_obj_add(object, yyjson_mut_str(doc, field->name), write_field(doc, field, value));
    }
    return object;
}

int json_write(const void *from, const cofferdam_type *type, buffer *json, buffer *message) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    if (!doc) memory_used_up();
    yyjson_mut_doc_set_root(doc, write_struct(doc, type, from));
    yyjson_write_err error = {0};
    size_t length = 0;
    char *text = yyjson_mut_write_opts(doc, 0, NULL, &length, &error);
    if (error.code == YYJSON_WRITE_ERROR_MEMORY_ALLOCATION) memory_used_up();
    if (text) buffer_append_bytes(json, text, length);
    else buffer_append(message, "%s in a value of the type %s", error.msg, type->name);
    free(text);
    yyjson_mut_doc_free(doc);
    return text ? 0 : -1;
}
