/* Runs the module natively, with a stand-in for its host: `make test`, in the example's folder. */
#include <cofferdam_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *content_of(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    char *text = calloc(1, 10000);
    if (!text || !fread(text, 1, 9999, file)) exit(1);
    fclose(file);
    return text;
}

/* {"text": …} of a text whose only letters to escape are newlines and quotation marks. */
static char *inputs_of(const char *text) {
    char *json = calloc(2, strlen(text) + 20), *to = json + sprintf(json, "{\"text\": \"");
    for (; *text; text++) {
        if (*text == '\n' || *text == '"' || *text == '\\') *to++ = '\\';
        *to++ = *text == '\n' ? 'n' : *text;
    }
    strcpy(to, "\"}");
    return json;
}

static char *zen, *expected[5];

static void parts_and_whole_are_what_python_says(void) {
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = zen, .settings = "{\"part_bytes\": 256}"});
    CHECK_TEXT(r->message, NULL);
    CHECK(r->result_count == 5 && r->checkpoint_count == 3);
    for (size_t at = 0; at < r->result_count; at++) CHECK_TEXT(r->results[at], expected[at]);
    cofferdam_test_free(r);
}

static void a_job_that_stops_anywhere_says_the_same(void) {
    for (unsigned looks = 1; looks < 3; looks++) {
        cofferdam_recording *stopped = cofferdam_test_run(
            (cofferdam_attempt){.inputs = zen, .settings = "{\"part_bytes\": 256}", .cancel_after = looks});
        CHECK(!stopped->failed && stopped->result_count == looks && stopped->final_results == looks);
        cofferdam_recording *resumed = cofferdam_test_run((cofferdam_attempt){
            .inputs = zen, .settings = "{\"part_bytes\": 256}", .checkpoint = stopped->checkpoints[looks - 1], .attempt = 2});
        CHECK(resumed->result_count == 5 - looks);
        for (size_t at = 0; at < resumed->result_count; at++) CHECK_TEXT(resumed->results[at], expected[looks + at]);
        cofferdam_test_free(stopped);
        cofferdam_test_free(resumed);
    }
}

/* The lengths around which SHA-256 pads differently; the last two are those of FIPS 180-4's examples. */
static void every_padding_is_right(void) {
    static const struct { const char *text, *sums; } known[] = {
        {"", "\"crc32\":\"00000000\",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"},
        {"abc", "\"crc32\":\"352441c2\",\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "\"crc32\":\"171a3f5f\",\"sha256\":\"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1\"}"},
    };
    for (size_t at = 0; at < sizeof known / sizeof *known; at++) {
        char *inputs = inputs_of(known[at].text);
        cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = inputs});
        CHECK_TEXT(strstr(r->results[r->result_count - 1], "\"crc32\""), known[at].sums);
        cofferdam_test_free(r);
        free(inputs);
    }
}

static void what_cannot_be_done_is_said(void) {
    cofferdam_recording *r = cofferdam_test_run((cofferdam_attempt){.inputs = zen, .settings = "{\"part_bytes\": 100}"});
    CHECK_TEXT(r->message, "part_bytes is 100; it must be a multiple of 64");
    cofferdam_test_free(r);
    r = cofferdam_test_run((cofferdam_attempt){.inputs = zen, .checkpoint = "{\"bytes\": 900, \"crc32\": 0, \"sha256\": [1]}"});
    CHECK_TEXT(r->message, "the checkpoint is not one of this text: 900 bytes of 857, 1 words of 8");
    cofferdam_test_free(r);
}

int main(void) {
    char *text = content_of("data/zen-of-python.txt"), *lines = content_of("data/expected.jsonl");
    zen = inputs_of(text);
    for (size_t at = 0; at < 5; at++) expected[at] = strtok(at ? NULL : lines, "\n");
    CHECK_TEXT(cofferdam_test_describe(NULL, NULL), NULL);
    parts_and_whole_are_what_python_says();
    a_job_that_stops_anywhere_says_the_same();
    every_padding_is_right();
    what_cannot_be_done_is_said();
    free(text);
    free(lines);
    free(zen);
    return CHECKS_DONE();
}
