/* Requests, and what becomes of them. */
#include <cofferdam_test.h>
#include <string.h>

typedef struct { const char *method, *url, *name, *value, *body; } inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, method, .fallback = "GET"), COFFERDAM_FIELD(inputs, url, .fallback = "https://a.example/"),
               COFFERDAM_FIELD(inputs, name, .fallback = "x-a"), COFFERDAM_FIELD(inputs, value, .fallback = "1"),
               COFFERDAM_FIELD(inputs, body, .fallback = ""));

typedef struct {
    uint16_t status;
    cofferdam_text body;
    const char *location;
} result;
COFFERDAM_TYPE(result, COFFERDAM_FIELD(result, status), COFFERDAM_FIELD(result, body), COFFERDAM_FIELD(result, location));

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    cofferdam_http_response answer;
    const cofferdam_http_request request = {
        .method = in->method, .url = in->url, .body = {in->body, strlen(in->body)},
        .headers = &(cofferdam_http_header){in->name, in->value}, .header_count = 1,
    };
    if (cofferdam_http_send(&request, &answer)) return -1;
    const char *location = cofferdam_http_header_of(&answer, "Location");
    CHECK(answer.body.at[answer.body.length] == 0 && !cofferdam_http_header_of(&answer, "loc"));
    int outcome = cofferdam_save_result(&(result){answer.status, answer.body, location ? location : ""}, &result_type);
    cofferdam_http_free(&answer);
    cofferdam_http_free(&answer);
    return outcome;
}

COFFERDAM_MODULE(.name = "http", .version = "1.0.0", .inputs = &inputs_type, .run = run);

static cofferdam_http_error_kind echo(const cofferdam_http_request *request, cofferdam_http_answer *answer) {
    static const cofferdam_http_header headers[] = {{"x", "y"}, {"location", "https://b.example/"}};
    CHECK_TEXT(request->headers[0].value, "1");
    CHECK(request->header_count == (request->body.length || strcmp(request->method, "GET") ? 2 : 1));
    if (request->header_count == 2) CHECK_TEXT(request->headers[1].name, "content-length");
    *answer = (cofferdam_http_answer){302, headers, 2, request->body};
    return COFFERDAM_HTTP_NONE;
}

static cofferdam_http_error_kind slow(const cofferdam_http_request *request, cofferdam_http_answer *answer) {
    (void)request, (void)answer;
    return COFFERDAM_HTTP_TIMEOUT;
}

static void a_stand_in_answers_what_was_sent(void) {
    cofferdam_recording *r = cofferdam_test_run(
        (cofferdam_attempt){.inputs = "{\"method\": \"PUT\", \"body\": \"abc\"}", .http = echo});
    CHECK_TEXT(r->message, NULL);
    CHECK_TEXT(r->results[0], "{\"status\":302,\"body\":\"abc\",\"location\":\"https://b.example/\"}");
    cofferdam_test_free(r);
    r = cofferdam_test_run((cofferdam_attempt){.http = echo});
    CHECK_TEXT(r->results[0], "{\"status\":302,\"body\":\"\",\"location\":\"https://b.example/\"}");
    cofferdam_test_free(r);
}

static void without_an_answer_the_job_fails_with_the_reason(void) {
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.http = slow});
    CHECK_TEXT(r->message, "the server took too long");
    CHECK(cofferdam_last_http_error()->kind == COFFERDAM_HTTP_TIMEOUT);
    cofferdam_test_free(r);
    r = cofferdam_test_run((cofferdam_attempt){0});
    CHECK_TEXT(r->message, "the module is not granted this request; the job's log says which host it lacks");
    cofferdam_test_free(r);
}

static void what_could_never_be_sent_is_refused_with_its_reason(void) {
    static const char *const wrong[][2] = {
        {"{\"url\": \"\"}", "the request cannot be sent: `` is no address of http or https"},
        {"{\"url\": \"/path\"}", "the request cannot be sent: `/path` is no address of http or https"},
        {"{\"url\": \"ftp://a.example/\"}", "the request cannot be sent: `ftp://a.example/` is no address of http or https"},
        {"{\"url\": \"https://?a\"}", "the request cannot be sent: `https://?a` is no address of http or https"},
        {"{\"url\": \"http://a b\"}", "the request cannot be sent: `http://a b` is no address of http or https"},
        {"{\"method\": \"A B\"}", "the request cannot be sent: `A B` is no method"},
        {"{\"name\": \"a b\"}", "the request cannot be sent: `a b` is no name of a header"},
        {"{\"value\": \"1\\r\\nb: 2\"}", "the request cannot be sent: the header `x-a` has no value, or one with a line break"},
    };
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = wrong[at][0], .http = echo});
        CHECK_TEXT(r->message, wrong[at][1]);
        CHECK(cofferdam_last_http_error()->kind == COFFERDAM_HTTP_INVALID);
        cofferdam_test_free(r);
    }
}

int main(void) {
    a_stand_in_answers_what_was_sent();
    without_an_answer_the_job_fails_with_the_reason();
    what_could_never_be_sent_is_refused_with_its_reason();
    return CHECKS_DONE();
}
