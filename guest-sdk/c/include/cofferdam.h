/* Write Cofferdam modules in C (C11 or later).
 *
 *     #include <cofferdam.h>
 *
 *     typedef struct { cofferdam_numbers numbers; } inputs;
 *     COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, numbers, .doc = "What to add."));
 *
 *     typedef struct { double sum; } result;
 *     COFFERDAM_TYPE(result, COFFERDAM_FIELD(result, sum));
 *
 *     static int run(const cofferdam_job *job) {
 *         const inputs *in = job->inputs;
 *         result r = {0};
 *         for (size_t at = 0; at < in->numbers.count; at++) r.sum += in->numbers.items[at];
 *         cofferdam_info("added %zu numbers", in->numbers.count);
 *         return cofferdam_save_result(&r, &result_type);
 *     }
 *
 *     COFFERDAM_MODULE(.name = "adder", .version = "1.0.0", .description = "Adds numbers.",
 *                      .inputs = &inputs_type, .run = run);
 *
 * Functions that can fail return 0 when they did not, and -1 after they noted why. A module's functions do the same, so
 * that `if (f()) return -1;` hands a failure up to the host. Texts are UTF-8. */
#ifndef COFFERDAM_H
#define COFFERDAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Types of inputs, settings, results and checkpoints ---------------------------------------------------------- */

/* A text that may hold any character, U+0000 too. Not terminated when a module made it. */
typedef struct { const char *at; size_t length; } cofferdam_text;

/* Lists. A list of a struct `T` of your own is any struct { T *items; size_t count; }. */
typedef struct { cofferdam_text *items; size_t count; } cofferdam_texts;
typedef struct { double *items; size_t count; } cofferdam_numbers;
typedef struct { int64_t *items; size_t count; } cofferdam_integers;

typedef enum {
    COFFERDAM_END, COFFERDAM_BOOL, COFFERDAM_SIGNED, COFFERDAM_UNSIGNED, COFFERDAM_REAL, COFFERDAM_C_STRING,
    COFFERDAM_TEXT, COFFERDAM_TEXTS, COFFERDAM_NUMBERS, COFFERDAM_INTEGERS, COFFERDAM_STRUCT, COFFERDAM_STRUCTS
} cofferdam_kind;

typedef struct cofferdam_type cofferdam_type;

/* One field of a struct that is JSON outside. Written by the macros below; the part after the blank line is yours. */
typedef struct {
    const char *name;
    size_t offset, size;
    cofferdam_kind kind;
    const cofferdam_type *of;

    const char *doc;               /* what the field means */
    const char *fallback;          /* the value when none is given: as it stands for texts, else JSON */
    bool optional;                 /* without a value and a fallback the field is all zeros */
    const char *words;             /* the texts that fit, such as "fast,slow"; in a list, the elements */
    const char *minimum, *maximum; /* bounds of a number, or of a list's numbers, as JSON */
} cofferdam_field;

struct cofferdam_type {
    const char *name;
    size_t size;
    const cofferdam_field *fields;
};

/* Declares `TYPE_type`, the fields of the struct `TYPE` that are JSON outside. */
#define COFFERDAM_TYPE(TYPE, ...) \
    static const cofferdam_type TYPE##_type = { \
        #TYPE, sizeof(TYPE), (const cofferdam_field[]){ __VA_ARGS__, { .kind = COFFERDAM_END } } \
    }

/* COFFERDAM_FIELD(TYPE, MEMBER, …): a field that is a bool, an integer, float or double, const char *, or a text or list of
 * the types above. A `const char *` takes only texts without U+0000. What follows is designated initializers, such as
 * .doc = "…", .fallback = "7". */
#define COFFERDAM_FIELD(TYPE, ...) COFFERDAM_PLAIN_FIELD(TYPE, __VA_ARGS__, .of = NULL)

/* COFFERDAM_STRUCT_FIELD(TYPE, MEMBER, OF, …): a field that is a struct `OF`, for which COFFERDAM_TYPE was said. */
#define COFFERDAM_STRUCT_FIELD(TYPE, MEMBER, ...) COFFERDAM_NESTED_FIELD(TYPE, MEMBER, __VA_ARGS__, .kind = COFFERDAM_STRUCT)

/* COFFERDAM_LIST_FIELD(TYPE, MEMBER, OF, …): a field that is a list of structs, struct { OF *items; size_t count; }. */
#define COFFERDAM_LIST_FIELD(TYPE, MEMBER, ...) COFFERDAM_NESTED_FIELD(TYPE, MEMBER, __VA_ARGS__, .kind = COFFERDAM_STRUCTS)

#define COFFERDAM_PLAIN_FIELD(TYPE, MEMBER, ...) \
    { .name = #MEMBER, .offset = offsetof(TYPE, MEMBER), .size = sizeof(((TYPE *)0)->MEMBER), \
      .kind = COFFERDAM_KIND_OF(((TYPE *)0)->MEMBER), __VA_ARGS__ }
#define COFFERDAM_NESTED_FIELD(TYPE, MEMBER, OF, ...) \
    { .name = #MEMBER, .offset = offsetof(TYPE, MEMBER), .size = sizeof(((TYPE *)0)->MEMBER), .of = &OF##_type, __VA_ARGS__ }
#define COFFERDAM_KIND_OF(MEMBER) \
    _Generic((MEMBER), bool: COFFERDAM_BOOL, \
        signed char: COFFERDAM_SIGNED, short: COFFERDAM_SIGNED, int: COFFERDAM_SIGNED, long: COFFERDAM_SIGNED, \
        long long: COFFERDAM_SIGNED, unsigned char: COFFERDAM_UNSIGNED, unsigned short: COFFERDAM_UNSIGNED, \
        unsigned int: COFFERDAM_UNSIGNED, unsigned long: COFFERDAM_UNSIGNED, unsigned long long: COFFERDAM_UNSIGNED, \
        float: COFFERDAM_REAL, double: COFFERDAM_REAL, char *: COFFERDAM_C_STRING, const char *: COFFERDAM_C_STRING, \
        cofferdam_text: COFFERDAM_TEXT, cofferdam_texts: COFFERDAM_TEXTS, cofferdam_numbers: COFFERDAM_NUMBERS, \
        cofferdam_integers: COFFERDAM_INTEGERS)

/* ---- The module -------------------------------------------------------------------------------------------------- */

/* One attempt at one job. */
typedef struct {
    const char *id;       /* the one that the host's API shows; the same over all attempts */
    uint32_t attempt;     /* 1 for the first run, one more each time the job starts again */
    const void *inputs;   /* the struct that the module's .inputs describe; lives until the attempt ends */
    const void *settings; /* the same for .settings */
} cofferdam_job;

typedef struct {
    const char *name;        /* lowercase words joined by single hyphens, 1 to 64 characters */
    const char *version;     /* a semantic version such as 1.4.0 */
    const char *description; /* what the module does, in a sentence */
    const cofferdam_type *inputs, *settings; /* a null pointer where there are none: only {} fits then */
    int (*run)(const cofferdam_job *job);    /* 0 when the job is done, else -1 after noting why */
} cofferdam_module;

/* Says once, in one file, what the module is: COFFERDAM_MODULE(.name = "…", …). */
#define COFFERDAM_MODULE(...) const cofferdam_module cofferdam_the_module = { __VA_ARGS__ }
extern const cofferdam_module cofferdam_the_module;

/* ---- Log --------------------------------------------------------------------------------------------------------- */

typedef enum {
    COFFERDAM_TRACE, COFFERDAM_DEBUG, COFFERDAM_INFO, COFFERDAM_WARN, COFFERDAM_ERROR, COFFERDAM_CRITICAL
} cofferdam_level;

#define COFFERDAM_LIKE_PRINTF(FORMAT) __attribute__((__format__(__printf__, FORMAT, FORMAT + 1)))

/* Logs one message, made as printf does. It is stored before anyone sees it. What is printed is logged too: stdout at
 * info, stderr at warn. */
void cofferdam_log(cofferdam_level level, const char *format, ...) COFFERDAM_LIKE_PRINTF(2);

#define cofferdam_trace(...) cofferdam_log(COFFERDAM_TRACE, __VA_ARGS__)
#define cofferdam_debug(...) cofferdam_log(COFFERDAM_DEBUG, __VA_ARGS__)
#define cofferdam_info(...) cofferdam_log(COFFERDAM_INFO, __VA_ARGS__)
#define cofferdam_warn(...) cofferdam_log(COFFERDAM_WARN, __VA_ARGS__)
#define cofferdam_error(...) cofferdam_log(COFFERDAM_ERROR, __VA_ARGS__)
#define cofferdam_critical(...) cofferdam_log(COFFERDAM_CRITICAL, __VA_ARGS__)

/* Logs a text as it is, with every character that it has. (printf's %.*s ends at U+0000.) */
void cofferdam_log_text(cofferdam_level level, cofferdam_text message);

/* ---- Failing ----------------------------------------------------------------------------------------------------- */

/* Notes a failure that running the job again would not mend, made as printf does, and gives -1:
 * `return cofferdam_fail("no such column: %s", name);`. The place in the code is logged with it at level error. The last
 * failure noted is what the host gets when run does not return 0. */
#define cofferdam_fail(...) cofferdam_note_failure(COFFERDAM_PERMANENT, __FILE__, __LINE__, __func__, __VA_ARGS__)

/* The same for a failure that running again may mend: the host tries again as the job's retry policy says. */
#define cofferdam_fail_retryable(...) cofferdam_note_failure(COFFERDAM_RETRYABLE, __FILE__, __LINE__, __func__, __VA_ARGS__)

/* The same as cofferdam_fail for what should never happen: the message says the place too, as an uncaught exception does in
 * other languages. */
#define cofferdam_fail_bug(...) cofferdam_note_failure(COFFERDAM_BUG, __FILE__, __LINE__, __func__, __VA_ARGS__)

typedef enum { COFFERDAM_PERMANENT, COFFERDAM_RETRYABLE, COFFERDAM_BUG } cofferdam_failure_kind;

int cofferdam_note_failure(cofferdam_failure_kind kind, const char *file, int line, const char *function, const char *format,
                           ...) COFFERDAM_LIKE_PRINTF(5);

/* ---- Results and checkpoints ------------------------------------------------------------------------------------- */

/* Saves one result, visible at once. It stays provisional until the next checkpoint or the end of the job, and a job that
 * starts again is expected to produce the results after its last checkpoint once more.
 *
 * -1 when the host refused: cofferdam_last_refusal() says why, and so does the failure that is noted. The job may go on. */
__attribute__((__warn_unused_result__)) int cofferdam_save_result(const void *result, const cofferdam_type *type);

/* Saves the state to go on from, together with every result saved before it. Returns once both would survive a crash of
 * the host, so save no oftener than work is worth repeating: a few times a second at most. -1 as above. */
__attribute__((__warn_unused_result__)) int cofferdam_save_checkpoint(const void *state, const cofferdam_type *type);

/* The same with JSON text that the module made by itself, of `length` bytes. */
__attribute__((__warn_unused_result__)) int cofferdam_save_result_json(const char *json, size_t length);
__attribute__((__warn_unused_result__)) int cofferdam_save_checkpoint_json(const char *json, size_t length);

/* Reads the checkpoint to go on from into `state`, whose texts and lists live until the attempt ends. 1 when there is one, 0
 * when there is none, -1 when it does not have the shape of `type`, after noting which field does not fit. */
int cofferdam_read_checkpoint(void *state, const cofferdam_type *type);

typedef enum { COFFERDAM_INVALID_JSON, COFFERDAM_TOO_LARGE, COFFERDAM_LIMIT_REACHED } cofferdam_refusal_kind;

typedef struct {
    cofferdam_refusal_kind kind;
    uint64_t limit_bytes; /* the most that the host takes, when the value was too large */
    const char *reason;   /* what is wrong with the text, or which limit is used up; else empty */
    const char *message;  /* all of it in a sentence */
} cofferdam_refusal;

/* Why the last value was not saved. Holds until the next one is not. */
const cofferdam_refusal *cofferdam_last_refusal(void);

/* ---- The rest of what a job can ask ------------------------------------------------------------------------------ */

/* Whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down. Cheap enough for
 * every turn of a loop. A module that sees true saves a checkpoint and returns 0. */
bool cofferdam_is_cancelled(void);

/* Says how far the job is, in a unit of the module's choice. Cheap: only the newest value is kept. */
void cofferdam_report_progress(uint64_t done, uint64_t total);
void cofferdam_report_progress_without_total(uint64_t done);

/* Waits this long, or until the job is asked to stop. */
void cofferdam_sleep_ms(uint64_t milliseconds);

#endif
