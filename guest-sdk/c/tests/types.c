/* Inputs, settings and schemas: what fits, and what is said of what does not. */
#include <cofferdam_test.h>
#include <math.h>
#include <string.h>

typedef struct { uint64_t start; } range;
COFFERDAM_TYPE(range, COFFERDAM_FIELD(range, start));

typedef struct {
    struct { range *items; size_t count; } ranges;
    const char *speed;
    double factor;
    int16_t shift;
    bool loud;
    cofferdam_text text;
    cofferdam_texts tags;
    cofferdam_numbers numbers;
    cofferdam_integers integers;
    range near;
    const char *note;
} inputs;
COFFERDAM_TYPE(inputs,
    COFFERDAM_LIST_FIELD(inputs, ranges, range, .doc = "What to cover."),
    COFFERDAM_FIELD(inputs, speed, .words = "fast, slow", .fallback = "slow"),
    COFFERDAM_FIELD(inputs, factor, .fallback = "1.5", .minimum = "0", .maximum = "10"),
    COFFERDAM_FIELD(inputs, shift, .fallback = "-3"),
    COFFERDAM_FIELD(inputs, loud, .fallback = "true"),
    COFFERDAM_FIELD(inputs, text, .optional = true),
    COFFERDAM_FIELD(inputs, tags, .words = "a,b", .fallback = "[\"b\"]"),
    COFFERDAM_FIELD(inputs, numbers, .fallback = "[]", .minimum = "1"),
    COFFERDAM_FIELD(inputs, integers, .fallback = "[]"),
    COFFERDAM_STRUCT_FIELD(inputs, near, range, .optional = true),
    COFFERDAM_FIELD(inputs, note, .optional = true));

static int echo(const cofferdam_job *job) {
    return cofferdam_save_result(job->inputs, &inputs_type);
}

COFFERDAM_MODULE(.name = "types", .version = "1.0.0-beta.1", .description = "Tests.", .inputs = &inputs_type, .run = echo);

static void the_schema_says_what_the_fields_say(void) {
    const char *schema, *settings;
    CHECK_TEXT(cofferdam_test_describe(&schema, &settings), NULL);
    CHECK_TEXT(schema,
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":{"
        "\"ranges\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"start\":{\"type\":\"integer\",\"minimum\":0}},"
        "\"required\":[\"start\"],\"additionalProperties\":false},\"description\":\"What to cover.\"},"
        "\"speed\":{\"type\":\"string\",\"enum\":[\"fast\",\"slow\"],\"default\":\"slow\"},"
        "\"factor\":{\"type\":\"number\",\"minimum\":0,\"maximum\":10,\"default\":1.5},"
        "\"shift\":{\"type\":\"integer\",\"minimum\":-32768,\"maximum\":32767,\"default\":-3},"
        "\"loud\":{\"type\":\"boolean\",\"default\":true},"
        "\"text\":{\"type\":\"string\"},"
        "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},\"default\":[\"b\"]},"
        "\"numbers\":{\"type\":\"array\",\"items\":{\"type\":\"number\",\"minimum\":1},\"default\":[]},"
        "\"integers\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"default\":[]},"
        "\"near\":{\"type\":\"object\",\"properties\":{\"start\":{\"type\":\"integer\",\"minimum\":0}},"
        "\"required\":[\"start\"],\"additionalProperties\":false},"
        "\"note\":{\"type\":\"string\"}},"
        "\"required\":[\"ranges\"],\"additionalProperties\":false}");
    CHECK_TEXT(settings, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":{},"
                         "\"additionalProperties\":false}");
}

static void what_fits_is_read_with_fallbacks(void) {
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs =
        "{\"ranges\": [{\"start\": 3.0}, {\"start\": 18446744073709551615}], \"text\": \"\\u0000\\\"\xC3\xA9\", "
        "\"integers\": [-9223372036854775808, 1e2], \"numbers\": [1.25], \"near\": null, \"note\": \"n\"}"});
    CHECK_TEXT(r->message, NULL);
    CHECK_TEXT(r->results[0],
        "{\"ranges\":[{\"start\":3},{\"start\":18446744073709551615}],\"speed\":\"slow\",\"factor\":1.5,\"shift\":-3,\"loud\":true,"
        "\"text\":\"\\u0000\\\"\xC3\xA9\",\"tags\":[\"b\"],\"numbers\":[1.25],\"integers\":[-9223372036854775808,100],"
        "\"near\":{\"start\":0},\"note\":\"n\"}");
    cofferdam_test_free(r);
}

static void what_does_not_fit_is_named_with_its_place(void) {
    static const struct { const char *inputs, *message; } misfits[] = {
        {"{\"ranges\": [{\"start\": 1}, {\"start\": \"two\"}]}",
         "inputs.ranges[1].start does not fit: expected an integer of at least 0, found \"two\""},
        {"{\"ranges\": [{\"start\": -1}]}", "inputs.ranges[0].start does not fit: expected an integer of at least 0, found -1"},
        {"{\"ranges\": [{\"start\": 1.5}]}", "inputs.ranges[0].start does not fit: expected an integer of at least 0, found 1.5"},
        {"{\"ranges\": null}", "inputs.ranges does not fit: expected a list, found null"},
        {"{}", "inputs.ranges is missing: expected a list"},
        {"[]", "inputs does not fit: expected an object, found []"},
        {"{\"ranges\": [], \"speed\": \"warp\"}", "inputs.speed does not fit: expected one of \"fast\", \"slow\", found \"warp\""},
        {"{\"ranges\": [], \"tags\": [\"a\", \"c\"]}", "inputs.tags[1] does not fit: expected one of \"a\", \"b\", found \"c\""},
        {"{\"ranges\": [], \"factor\": 11}", "inputs.factor does not fit: expected a number of at least 0 and at most 10, found 11"},
        {"{\"ranges\": [], \"shift\": 40000}", "inputs.shift does not fit: expected an integer, found 40000"},
        {"{\"ranges\": [], \"note\": \"a\\u0000b\"}", "inputs.note does not fit: expected a text, found \"a\\u0000b\""},
        {"{\"ranges\": [], \"loud\": 1}", "inputs.loud does not fit: expected true or false, found 1"},
        {"{\"ranges\": [], \"numbers\": [1, 0.5]}", "inputs.numbers[1] does not fit: expected a number of at least 1, found 0.5"},
        {"{\"ranges\": []", "inputs does not fit: it is not JSON: unexpected end of data at byte 13"},
        {"{\"ranges\": [], \"near\": {\"end\": 1}}", "inputs.near.end does not fit: there is no such field; expected start"},
    };
    for (size_t at = 0; at < sizeof misfits / sizeof *misfits; at++) {
        cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = misfits[at].inputs});
        CHECK_TEXT(r->message, misfits[at].message);
        CHECK(r->failed && !r->retryable && r->result_count == 0);
        cofferdam_test_free(r);
    }
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = "{\"ranges\": []}", .settings = "{\"fast\": 1}"});
    CHECK_TEXT(r->message, "settings.fast does not fit: there is no such field; expected no fields at all");
    cofferdam_test_free(r);
}

int main(void) {
    the_schema_says_what_the_fields_say();
    what_fits_is_read_with_fallbacks();
    what_does_not_fit_is_named_with_its_place();
    return CHECKS_DONE();
}
