/* Reaches for files and variables with C's own library, and says what came of each. This C library has no function that
 * makes a socket or looks up a name. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cofferdam.h>

typedef struct { const char *folder; } inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, folder, .fallback = "/data", .doc = "A folder with a file `given`."));

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

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    char path[256];
    snprintf(path, sizeof path, "%s/given", in->folder);
    if (say("read a file", contents(path))) return -1;
    snprintf(path, sizeof path, "%s/new", in->folder);
    if (say("write a file", written(path))) return -1;
    snprintf(path, sizeof path, "%s/../../../etc/passwd", in->folder);
    if (say("leave a folder", contents(path))) return -1;
    DIR *folder = opendir(in->folder);
    if (say("list a folder", folder ? "listed" : NULL)) return -1;
    errno = ENOENT;
    return say("see a variable", getenv("MODE"));
}

COFFERDAM_MODULE(.name = "reaching-c", .version = "0.1.0", .description = "Reaches for what nobody granted, in C.",
                 .inputs = &inputs_type, .run = run);
