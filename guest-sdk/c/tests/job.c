/* What a job can ask of its host, and what becomes of failures. */
#include <cofferdam_test.h>
#include <math.h>
#include <string.h>

typedef struct { const char *step; } inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, step));

typedef struct {
    int64_t n;
    const char *name;
    cofferdam_numbers list;
} state;
COFFERDAM_TYPE(state, COFFERDAM_FIELD(state, n), COFFERDAM_FIELD(state, name), COFFERDAM_FIELD(state, list));

typedef struct { double value; cofferdam_text text; } result;
COFFERDAM_TYPE(result, COFFERDAM_FIELD(result, value), COFFERDAM_FIELD(result, text));

static int deep(void) { return cofferdam_fail_bug("index %d", 7); }

static int refusals(void) {
    const cofferdam_refusal *refusal = cofferdam_last_refusal();
    CHECK(cofferdam_save_result(&(result){.value = NAN}, &result_type) == -1 && refusal->kind == COFFERDAM_INVALID_JSON);
    CHECK_TEXT(refusal->message, "not saved, because the value is not a JSON object: nan or inf number is not allowed in a value "
                                 "of the type result");
    CHECK(cofferdam_save_result(&(result){.text = {"\xff", 1}}, &result_type) == -1);
    CHECK(cofferdam_save_checkpoint_json("[1]", 3) == -1 && refusal->kind == COFFERDAM_INVALID_JSON);
    CHECK(cofferdam_save_checkpoint_json("{\"long\": \"xxxxxxxxxxxxxxxxxxxxxxxx\"}", 36) == -1);
    CHECK(refusal->kind == COFFERDAM_TOO_LARGE && refusal->limit_bytes == 30);
    CHECK(cofferdam_save_result_json("{}", 2) == 0);
    CHECK(cofferdam_save_result_json("{}", 2) == -1 && refusal->kind == COFFERDAM_LIMIT_REACHED);
    return 0;
}

static int go_on(const cofferdam_job *job) {
    state s = {.name = "first"};
    int found = cofferdam_read_checkpoint(&s, &state_type);
    if (found < 0) return -1;
    cofferdam_info("%s: attempt %u, found %d", job->id, (unsigned)job->attempt, found);
    while (s.n < 3 && !cofferdam_is_cancelled()) {
        s.n++;
        if (cofferdam_save_result(&(result){.value = 0.1}, &result_type) || cofferdam_save_checkpoint(&s, &state_type)) return -1;
        cofferdam_report_progress((uint64_t)s.n, 3);
    }
    cofferdam_report_progress_without_total(9);
    cofferdam_log_text(COFFERDAM_TRACE, (cofferdam_text){"as it is", 5});
    cofferdam_sleep_ms(20);
    return cofferdam_save_result_json("{}", 2);
}

static int run(const cofferdam_job *job) {
    const char *step = ((const inputs *)job->inputs)->step;
    if (!strcmp(step, "fail")) return cofferdam_fail("no such column: %s", "a");
    if (!strcmp(step, "retry")) return cofferdam_fail_retryable("try %u", (unsigned)job->attempt);
    if (!strcmp(step, "bug")) return deep();
    if (!strcmp(step, "silent")) return 1;
    if (!strcmp(step, "refusals")) return refusals();
    if (!strcmp(step, "refused")) return cofferdam_save_result_json("1", 1);
    return go_on(job);
}

COFFERDAM_MODULE(.name = "job", .version = "1.0.0", .inputs = &inputs_type, .run = run);

static cofferdam_recording *step(const char *json, cofferdam_attempt attempt) {
    attempt.inputs = json;
    return cofferdam_test_run(attempt);
}

static void failures_say_why(void) {
    static const struct { const char *inputs, *message; bool retryable; } failures[] = {
        {"{\"step\": \"fail\"}", "no such column: a", false},
        {"{\"step\": \"retry\"}", "try 1", true},
        {"{\"step\": \"bug\"}", "index 7 (in deep, job.c:19)", false},
        {"{\"step\": \"silent\"}", "the module's function failed without saying why", false},
        {"{\"step\": \"refused\"}", "not saved, because the value is not a JSON object: the text is not an object", false},
    };
    for (size_t at = 0; at < sizeof failures / sizeof *failures; at++) {
        cofferdam_recording *r = step(failures[at].inputs, (cofferdam_attempt){0});
        CHECK_TEXT(r->message, failures[at].message);
        CHECK(r->failed && r->retryable == failures[at].retryable);
        cofferdam_test_free(r);
    }
    cofferdam_recording *r = step("{\"step\": \"fail\"}", (cofferdam_attempt){0});
    CHECK(r->log_count == 1 && r->log[0].level == COFFERDAM_ERROR);
    CHECK(strstr(r->log[0].message, "no such column: a (in run, job.c:") != NULL);
    cofferdam_test_free(r);
}

static void refusals_are_told_apart(void) {
    cofferdam_recording *r = step("{\"step\": \"refusals\"}", (cofferdam_attempt){.max_bytes = 30, .max_results = 1});
    CHECK(!r->failed);
    cofferdam_test_free(r);
}

static void a_stopped_job_goes_on_from_its_checkpoint(void) {
    cofferdam_recording *stopped = step("{\"step\": \"go on\"}", (cofferdam_attempt){.cancel_after = 2});
    CHECK_TEXT(stopped->message, NULL);
    CHECK(stopped->result_count == 3 && stopped->final_results == 2 && stopped->checkpoint_count == 2);
    CHECK_TEXT(stopped->results[0], "{\"value\":0.1,\"text\":\"\"}");
    CHECK_TEXT(stopped->checkpoints[1], "{\"n\":2,\"name\":\"first\",\"list\":[]}");
    CHECK_TEXT(stopped->log[0].message, "test-job: attempt 1, found 0");
    CHECK_TEXT(stopped->log[1].message, "as it");
    CHECK(stopped->progress_count == 3 && stopped->progress[1].total == 3 && !stopped->progress[2].has_total);
    CHECK(stopped->slept_ms == 20);
    cofferdam_recording *resumed = step("{\"step\": \"go on\"}",
        (cofferdam_attempt){.checkpoint = stopped->checkpoints[1], .attempt = 2, .id = "job-7"});
    CHECK_TEXT(resumed->log[0].message, "job-7: attempt 2, found 1");
    CHECK_TEXT(resumed->checkpoints[0], "{\"n\":3,\"name\":\"first\",\"list\":[]}");
    CHECK(resumed->result_count == 2);
    cofferdam_test_free(stopped);
    cofferdam_test_free(resumed);
}

static void a_checkpoint_that_does_not_fit_says_where(void) {
    cofferdam_recording *r = step("{\"step\": \"go on\"}", (cofferdam_attempt){.checkpoint = "{\"n\": \"x\", \"older\": 1}"});
    CHECK_TEXT(r->message, "checkpoint.n does not fit: expected an integer, found \"x\"");
    cofferdam_test_free(r);
    r = step("{\"step\": \"go on\"}", (cofferdam_attempt){.checkpoint = "{\"n\": 3, \"older\": 1, \"name\": null, \"list\": [1]}"});
    CHECK_TEXT(r->message, NULL);
    cofferdam_test_free(r);
}

int main(void) {
    CHECK_TEXT(cofferdam_test_describe(NULL, NULL), NULL);
    failures_say_why();
    refusals_are_told_apart();
    a_stopped_job_goes_on_from_its_checkpoint();
    a_checkpoint_that_does_not_fit_says_where();
    return CHECKS_DONE();
}
