/* Reaches for files and variables with C's own library, and says what came of each; or calls a server with the SDK. This C
 * library has no function that makes a socket or looks up a name, only some for descriptors that are sockets. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cofferdam_http.h>

typedef struct {
    const char *folder, *url;
    cofferdam_text body;
    uint32_t timeout_ms;
} inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, folder, .fallback = "/data", .doc = "A folder with a file `given`."),
               COFFERDAM_FIELD(inputs, url, .optional = true, .doc = "The server to call instead."),
               COFFERDAM_FIELD(inputs, body, .optional = true, .doc = "What is sent to it; without it the request is a GET."),
               COFFERDAM_FIELD(inputs, timeout_ms, .fallback = "30000", .doc = "How long the server may take."));

typedef struct {
    cofferdam_text tried, got;
    int64_t error;
} outcome;
COFFERDAM_TYPE(outcome, COFFERDAM_FIELD(outcome, tried), COFFERDAM_FIELD(outcome, got), COFFERDAM_FIELD(outcome, error));

static cofferdam_text text(const char *words) { return (cofferdam_text){.at = words, .length = strlen(words)}; }

/* Says what was got, or the number of the error when there is nothing. */
static int say(const char *tried, const char *got) {
    outcome result = {text(tried), text(got ? got : ""), got ? 0 : errno};
    return cofferdam_save_result(&result, &outcome_type);
}

static const char *contents(const char *path) {
    static char bytes[64];
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    fclose(file);
    return bytes;
}

static const char *written(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) return NULL;
    const char *got = fputs("written", file) < 0 ? NULL : "written";
    return fclose(file) ? NULL : got;
}

typedef struct {
    uint16_t status;
    cofferdam_text body;
    const char *location;
} answered;
COFFERDAM_TYPE(answered, COFFERDAM_FIELD(answered, status), COFFERDAM_FIELD(answered, body), COFFERDAM_FIELD(answered, location));

static int call(const char *url, cofferdam_text body, uint32_t timeout_ms) {
    static const cofferdam_http_header headers[] = {{"x-sent-by", "c"}};
    cofferdam_http_request request = {.url = url, .timeout_ms = timeout_ms};
    if (body.length) request = (cofferdam_http_request){.method = "POST", .url = url, .headers = headers, .header_count = 1, .body = body};
    cofferdam_http_response answer;
    if (cofferdam_http_send(&request, &answer)) return -1;
    const answered result = {answer.status, answer.body, cofferdam_http_header_of(&answer, "Location")};
    int outcome = cofferdam_save_result(&result, &answered_type);
    cofferdam_http_free(&answer);
    return outcome;
}

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    if (in->url) return call(in->url, in->body, in->timeout_ms);
    char path[256];
    snprintf(path, sizeof path, "%s/given", in->folder);
    if (say("read a file", contents(path))) return -1;
    snprintf(path, sizeof path, "%s/new", in->folder);
    if (say("write a file", written(path))) return -1;
    snprintf(path, sizeof path, "%s/../../../etc/passwd", in->folder);
    if (say("leave a folder", contents(path))) return -1;
    DIR *folder = opendir(in->folder);
    if (say("list a folder", folder ? "listed" : NULL)) return -1;
    if (say("accept a connection", accept(3, NULL, NULL) < 0 ? NULL : "accepted")) return -1;
    if (say("receive from a socket", recv(3, path, sizeof path, 0) < 0 ? NULL : "received")) return -1;
    if (say("send to a socket", send(3, "x", 1, 0) < 0 ? NULL : "sent")) return -1;
    if (say("shut a socket down", shutdown(3, SHUT_RDWR) < 0 ? NULL : "shut")) return -1;
    errno = ENOENT;
    return say("see a variable", getenv("MODE"));
}

COFFERDAM_MODULE(.name = "reaching-c", .version = "0.1.0", .description = "Reaches for what nobody granted, in C.",
                 .inputs = &inputs_type, .run = run);
