/* Runs the module natively, with a stand-in for its host: `make test`. */
#include <cofferdam_test.h>

static const char *const inputs = "{\"texts\": [\"to be or not\", \"to be\"]}";

static void every_text_is_counted(void) {
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = inputs, .settings = "{\"min_letters\": 3}"});
    CHECK(!r->failed && r->result_count == 3);
    CHECK_TEXT(r->results[0], "{\"text\":1,\"words\":1}");
    CHECK_TEXT(r->results[1], "{\"text\":2,\"words\":0}");
    CHECK_TEXT(r->results[2], "{\"total\":1}");
    cofferdam_test_free(r);
}

static void a_stopped_job_goes_on_from_its_checkpoint(void) {
    cofferdam_recording *stopped = cofferdam_test_run((cofferdam_attempt){.inputs = inputs, .cancel_after = 1});
    CHECK(!stopped->failed && stopped->result_count == 1 && stopped->checkpoint_count == 1);
    cofferdam_recording *resumed = cofferdam_test_run(
        (cofferdam_attempt){.inputs = inputs, .checkpoint = stopped->checkpoints[0], .attempt = 2});
    CHECK(!resumed->failed && resumed->result_count == 2);
    CHECK_TEXT(resumed->results[0], "{\"text\":2,\"words\":2}");
    CHECK_TEXT(resumed->results[1], "{\"total\":6}");
    cofferdam_test_free(stopped);
    cofferdam_test_free(resumed);
}

int main(void) {
    CHECK_TEXT(cofferdam_test_describe(NULL, NULL), NULL);
    every_text_is_counted();
    a_stopped_job_goes_on_from_its_checkpoint();
    return CHECKS_DONE();
}
