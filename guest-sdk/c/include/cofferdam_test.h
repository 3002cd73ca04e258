/* Runs a module natively, with a stand-in for the host, and records what the module did.
 *
 *     int main(void) {
 *         cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = "{\"numbers\": [1, 2]}"});
 *         CHECK(!r->failed);
 *         CHECK_TEXT(r->results[0], "{\"sum\":3.0}");
 *         cofferdam_test_free(r);
 *         return CHECKS_DONE();
 *     }
 *
 * Compile the module and the test together with the SDK's sources, for the machine at hand. Nothing sleeps: the recording
 * adds up what the module asked for. */
#ifndef COFFERDAM_TEST_H
#define COFFERDAM_TEST_H

#include <cofferdam_http.h>

/* What a server answers. What it points to is copied. */
typedef struct {
    uint16_t status; /* 200 unless said otherwise */
    const cofferdam_http_header *headers;
    size_t header_count;
    cofferdam_text body;
} cofferdam_http_answer;

/* Answers a request and gives COFFERDAM_HTTP_NONE, or says what goes wrong. */
typedef cofferdam_http_error_kind (*cofferdam_servers)(const cofferdam_http_request *request,
                                                       cofferdam_http_answer *answer);

/* How a job starts and what its host allows. All zeros is a first attempt without limits. */
typedef struct {
    const char *inputs, *settings; /* JSON; a null pointer is {} */
    const char *checkpoint;        /* JSON; a null pointer is none */
    const char *id;                /* "test-job" unless given */
    uint32_t attempt;              /* 1 unless given */
    unsigned cancel_after;         /* asks to stop once the job has looked this many times; 0 never does */
    size_t max_bytes;              /* the most that a result or a checkpoint may have; 0 is no limit */
    size_t max_results;            /* how many results the host takes; 0 is no limit */
    cofferdam_servers http;        /* answers requests; without it each is denied, as without a grant */
} cofferdam_attempt;

typedef struct { cofferdam_level level; const char *message; } cofferdam_line;
typedef struct { uint64_t done, total; bool has_total; } cofferdam_progress;

/* What a module did in one attempt. Results and checkpoints are JSON texts as the host got them, oldest first. */
typedef struct {
    bool failed, retryable;
    const char *message; /* why it failed; else a null pointer */
    const cofferdam_line *log;
    size_t log_count;
    const char *const *results;
    size_t result_count, final_results; /* the last checkpoint made the first `final_results` of them final */
    const char *const *checkpoints;
    size_t checkpoint_count;
    const cofferdam_progress *progress;
    size_t progress_count;
    uint64_t slept_ms;
} cofferdam_recording;

/* Runs one attempt at the module that COFFERDAM_MODULE declares. */
cofferdam_recording *cofferdam_test_run(cofferdam_attempt attempt);
void cofferdam_test_free(cofferdam_recording *recording);

/* What is wrong with the module's declaration and types, or a null pointer when a host would take them. */
const char *cofferdam_test_describe(const char **inputs_schema, const char **settings_schema);

/* Checks say where they fail and what was there, and go on. */
#define CHECK(CONDITION) cofferdam_check((CONDITION), __FILE__, __LINE__, #CONDITION)
#define CHECK_TEXT(ACTUAL, EXPECTED) cofferdam_check_text((ACTUAL), (EXPECTED), __FILE__, __LINE__)
/* The exit code for main: 0 when every check held. */
#define CHECKS_DONE() cofferdam_checks_done(__FILE__)

void cofferdam_check(bool holds, const char *file, int line, const char *condition);
void cofferdam_check_text(const char *actual, const char *expected, const char *file, int line);
int cofferdam_checks_done(const char *file);

#endif
