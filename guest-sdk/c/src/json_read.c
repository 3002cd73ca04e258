#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "kept.h"

/* The most bytes of a value that a message repeats. */
enum { SHOWN_BYTES = 60 };

typedef struct {
    json_strictness strictness;
    buffer *place, *message;
} reader;

static int read_struct(reader *r, yyjson_val *value, const cofferdam_type *type, char *into);

bool json_next_word(const char *words, cofferdam_text *word) {
    const char *next = word->at ? word->at + word->length : words;
    if (word->at) {
        if (!*next) return false;
        next++;
    }
    while (*next == ' ') next++;
    *word = (cofferdam_text){next, strcspn(next, ",")};
    return true;
}

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

static void describe_kind(buffer *to, const cofferdam_field *field, cofferdam_kind kind) {
    if (field->words && (kind == COFFERDAM_C_STRING || kind == COFFERDAM_TEXT)) {
        buffer_append(to, "one of");
        cofferdam_text word = {0};
        for (const char *separator = " "; json_next_word(field->words, &word); separator = ", ")
            buffer_append(to, "%s\"%.*s\"", separator, (int)word.length, word.at);
        return;
    }
    bool is_unsigned = kind == COFFERDAM_UNSIGNED, is_number = is_unsigned || kind == COFFERDAM_REAL || kind == COFFERDAM_SIGNED;
    switch (kind) {
    case COFFERDAM_BOOL: buffer_append(to, "true or false"); break;
    case COFFERDAM_SIGNED:
    case COFFERDAM_UNSIGNED: buffer_append(to, "an integer"); break;
    case COFFERDAM_REAL: buffer_append(to, "a number"); break;
    case COFFERDAM_C_STRING:
    case COFFERDAM_TEXT: buffer_append(to, "a text"); break;
    case COFFERDAM_TEXTS:
    case COFFERDAM_NUMBERS:
    case COFFERDAM_INTEGERS:
    case COFFERDAM_STRUCTS: buffer_append(to, "a list"); break;
    case COFFERDAM_STRUCT:
    case COFFERDAM_END: buffer_append(to, "an object"); break;
    }
    const char *minimum = field->minimum ? field->minimum : is_unsigned ? "0" : NULL;
    if (is_number && minimum) buffer_append(to, " of at least %s", minimum);
    if (is_number && field->maximum) buffer_append(to, "%s at most %s", minimum ? " and" : " of", field->maximum);
}

static int misfit(reader *r, yyjson_val *value, const cofferdam_field *field, cofferdam_kind kind) {
    buffer_append(r->message, "%s does not fit: expected ", r->place->at);
    describe_kind(r->message, field, kind);
    size_t length = 0;
    char *shown = yyjson_val_write(value, 0, &length);
    if (shown && length > SHOWN_BYTES) {
        length = SHOWN_BYTES;
        while (length > 0 && ((unsigned char)shown[length] & 0xC0) == 0x80) length--;
        buffer_append(r->message, ", found %.*s…", (int)length, shown);
    } else {
        buffer_append(r->message, ", found %s", shown ? shown : "something else");
    }
    free(shown);
    return -1;
}

/* ---- Single values ----------------------------------------------------------------------------------------------- */

static bool in_bounds(const cofferdam_field *field, double value) {
    return !(field->minimum && value < strtod(field->minimum, NULL)) && !(field->maximum && value > strtod(field->maximum, NULL));
}

/* Takes integers such as 3.0 too, as JSON Schema does. */
static bool read_signed(yyjson_val *value, size_t size, int64_t *result) {
    const int64_t least = size == 8 ? INT64_MIN : -((int64_t)1 << (8 * size - 1));
    const int64_t most = -(least + 1);
    if (yyjson_is_uint(value)) {
        if (yyjson_get_uint(value) > (uint64_t)most) return false;
        *result = (int64_t)yyjson_get_uint(value);
        return true;
    }
    if (yyjson_is_sint(value)) {
        *result = yyjson_get_sint(value);
    } else if (yyjson_is_real(value)) {
        double real = yyjson_get_real(value);
        if (real != floor(real) || fabs(real) >= 0x1p63) return false;
        *result = (int64_t)real;
    } else {
        return false;
    }
    return *result >= least && *result <= most;
}

static bool read_unsigned(yyjson_val *value, size_t size, uint64_t *result) {
    const uint64_t most = size == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * size)) - 1;
    if (yyjson_is_uint(value)) {
        *result = yyjson_get_uint(value);
    } else if (yyjson_is_real(value)) {
        double real = yyjson_get_real(value);
        if (real != floor(real) || real < 0 || real >= 0x1p64) return false;
        *result = (uint64_t)real;
    } else {
        return false;
    }
    return *result <= most;
}

static void store_integer(char *into, size_t size, uint64_t value) {
    switch (size) {
    case 1: *(uint8_t *)into = (uint8_t)value; break;
    case 2: *(uint16_t *)into = (uint16_t)value; break;
    case 4: *(uint32_t *)into = (uint32_t)value; break;
    default: *(uint64_t *)into = value; break;
    }
}

static bool is_word(const cofferdam_field *field, const char *at, size_t length) {
    if (!field->words) return true;
    cofferdam_text word = {0};
    while (json_next_word(field->words, &word))
        if (word.length == length && !memcmp(word.at, at, length)) return true;
    return false;
}

static bool read_text(const cofferdam_field *field, cofferdam_kind kind, const char *at, size_t length, char *into) {
    if (!is_word(field, at, length)) return false;
    if (kind == COFFERDAM_TEXT) {
        *(cofferdam_text *)into = (cofferdam_text){at, length};
        return true;
    }
    *(const char **)into = at;
    return !memchr(at, 0, length);
}

/* Reads one value that is no list and no struct. */
static bool read_scalar(const cofferdam_field *field, cofferdam_kind kind, size_t size, yyjson_val *value, char *into) {
    int64_t with_sign;
    uint64_t without;
    switch (kind) {
    case COFFERDAM_BOOL:
        *(bool *)into = yyjson_get_bool(value);
        return yyjson_is_bool(value);
    case COFFERDAM_SIGNED:
        if (!read_signed(value, size, &with_sign)) return false;
        store_integer(into, size, (uint64_t)with_sign);
        return in_bounds(field, (double)with_sign);
    case COFFERDAM_UNSIGNED:
        if (!read_unsigned(value, size, &without)) return false;
        store_integer(into, size, without);
        return in_bounds(field, (double)without);
    case COFFERDAM_REAL:
        if (size == sizeof(float)) *(float *)into = (float)yyjson_get_num(value);
        else *(double *)into = yyjson_get_num(value);
        return yyjson_is_num(value) && in_bounds(field, yyjson_get_num(value));
    default:
        return yyjson_is_str(value) && read_text(field, kind, yyjson_get_str(value), yyjson_get_len(value), into);
    }
}

/* ---- Lists and structs ------------------------------------------------------------------------------------------- */

/* Every list begins with these two. */
typedef struct { char *items; size_t count; } any_list;

static size_t element_of(const cofferdam_field *field, cofferdam_kind *kind) {
    switch (field->kind) {
    case COFFERDAM_TEXTS: *kind = COFFERDAM_TEXT; return sizeof(cofferdam_text);
    case COFFERDAM_NUMBERS: *kind = COFFERDAM_REAL; return sizeof(double);
    case COFFERDAM_INTEGERS: *kind = COFFERDAM_SIGNED; return sizeof(int64_t);
    default: *kind = COFFERDAM_STRUCT; return field->of->size;
    }
}

static int read_list(reader *r, yyjson_val *value, const cofferdam_field *field, char *into) {
    if (!yyjson_is_arr(value)) return misfit(r, value, field, field->kind);
    cofferdam_kind kind;
    size_t size = element_of(field, &kind), place = r->place->length, at, count;
    any_list list = {keep(memory_of(yyjson_arr_size(value), size), free), yyjson_arr_size(value)};
    memcpy(into, &list, sizeof list);
    yyjson_val *element;
    yyjson_arr_foreach(value, at, count, element) {
        buffer_append(r->place, "[%zu]", at);
        char *item = list.items + at * size;
        if (kind == COFFERDAM_STRUCT) {
            if (read_struct(r, element, field->of, item)) return -1;
        } else if (!read_scalar(field, kind, size, element, item)) {
            return misfit(r, element, field, kind);
        }
        buffer_cut(r->place, place);
    }
    return 0;
}

static int read_field(reader *r, yyjson_val *value, const cofferdam_field *field, char *into) {
    switch (field->kind) {
    case COFFERDAM_TEXTS:
    case COFFERDAM_NUMBERS:
    case COFFERDAM_INTEGERS:
    case COFFERDAM_STRUCTS: return read_list(r, value, field, into);
    case COFFERDAM_STRUCT: return read_struct(r, value, field->of, into);
    default: return read_scalar(field, field->kind, field->size, value, into) ? 0 : misfit(r, value, field, field->kind);
    }
}

static int read_absent(reader *r, const cofferdam_field *field, char *into) {
    if (field->fallback) return json_read_fallback(field, into, r->place, r->message);
    if (field->optional) return 0;
    buffer_append(r->message, "%s is missing: expected ", r->place->at);
    describe_kind(r->message, field, field->kind);
    return -1;
}

static void free_document(void *doc) { yyjson_doc_free(doc); }

int json_read_fallback(const cofferdam_field *field, void *into, buffer *place, buffer *message) {
    if (field->kind == COFFERDAM_C_STRING || field->kind == COFFERDAM_TEXT) {
        if (read_text(field, field->kind, field->fallback, strlen(field->fallback), into)) return 0;
        buffer_append(message, "%s does not fit: expected ", place->at);
        describe_kind(message, field, field->kind);
        buffer_append(message, ", found \"%s\"", field->fallback);
        return -1;
    }
    yyjson_doc *doc = yyjson_read(field->fallback, strlen(field->fallback), 0);
    if (!doc) {
        buffer_append(message, "%s does not fit: %s is not JSON", place->at, field->fallback);
        return -1;
    }
    /* Texts point into the document. */
    keep(doc, free_document);
    reader r = {JSON_EXACT, place, message};
    return read_field(&r, yyjson_doc_get_root(doc), field, into);
}

static const cofferdam_field *field_named(const cofferdam_type *type, const char *name) {
    for (const cofferdam_field *field = type->fields; field->kind != COFFERDAM_END; field++)
        if (!strcmp(field->name, name)) return field;
    return NULL;
}

static int refuse_unknown(reader *r, yyjson_val *object, const cofferdam_type *type) {
    size_t at, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, at, count, key, value) {
        if (field_named(type, yyjson_get_str(key))) continue;
        buffer_append(r->message, "%s.%s does not fit: there is no such field; expected ", r->place->at, yyjson_get_str(key));
        if (type->fields->kind == COFFERDAM_END) buffer_append(r->message, "no fields at all");
        for (const cofferdam_field *field = type->fields; field->kind != COFFERDAM_END; field++)
            buffer_append(r->message, "%s%s", field == type->fields ? "" : ", ", field->name);
        return -1;
    }
    return 0;
}

static int read_struct(reader *r, yyjson_val *value, const cofferdam_type *type, char *into) {
    static const cofferdam_field object = {.kind = COFFERDAM_STRUCT};
    if (!yyjson_is_obj(value)) return misfit(r, value, &object, COFFERDAM_STRUCT);
    if (r->strictness == JSON_EXACT && refuse_unknown(r, value, type)) return -1;
    size_t place = r->place->length;
    for (const cofferdam_field *field = type->fields; field->kind != COFFERDAM_END; field++) {
        yyjson_val *given = yyjson_obj_get(value, field->name);
        buffer_append(r->place, ".%s", field->name);
        bool none = !given || (yyjson_is_null(given) && field->optional);
        bool empty = given && yyjson_is_null(given) && r->strictness == JSON_TOLERANT && field->kind == COFFERDAM_C_STRING;
        if (none && read_absent(r, field, into + field->offset)) return -1;
        if (!none && !empty && read_field(r, given, field, into + field->offset)) return -1;
        buffer_cut(r->place, place);
    }
    return 0;
}

int json_read(const char *what, const char *json, size_t length, const cofferdam_type *type, void *into,
              json_strictness strictness, buffer *message) {
    yyjson_read_err error;
    /* Without the flag YYJSON_READ_INSITU the text is only read. */
    yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)json, length, 0, NULL, &error);
    if (error.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) memory_used_up();
    if (!doc) {
        buffer_append(message, "%s does not fit: it is not JSON: %s at byte %zu", what, error.msg, error.pos);
        return -1;
    }
    keep(doc, free_document);
    buffer place = {0};
    buffer_append(&place, "%s", what);
    reader r = {strictness, &place, message};
    int outcome = read_struct(&r, yyjson_doc_get_root(doc), type, into);
    buffer_free(&place);
    return outcome;
}
