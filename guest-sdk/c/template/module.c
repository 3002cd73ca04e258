/* The module {{name}}: counts the words of texts. */
#include <cofferdam.h>

/* What a job is about. The host checks it before it accepts a job. */
typedef struct { cofferdam_texts texts; } inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, texts, .doc = "The texts whose words are counted."));

/* How a job does it. */
typedef struct { unsigned min_letters; } settings;
COFFERDAM_TYPE(settings,
    COFFERDAM_FIELD(settings, min_letters, .fallback = "1", .minimum = "1", .doc = "Shorter words do not count."));

/* What the module needs to know to go on where it was. */
typedef struct { uint64_t texts, words; } state;
COFFERDAM_TYPE(state, COFFERDAM_FIELD(state, texts), COFFERDAM_FIELD(state, words));

/* The results: one a text, then the total. */
typedef struct { uint64_t text, words; } counted;
COFFERDAM_TYPE(counted, COFFERDAM_FIELD(counted, text), COFFERDAM_FIELD(counted, words));

typedef struct { uint64_t total; } total;
COFFERDAM_TYPE(total, COFFERDAM_FIELD(total, total));

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Every byte of UTF-8 but the ones that continue a letter begins one. */
static uint64_t count(cofferdam_text text, unsigned min_letters) {
    uint64_t words = 0, letters = 0;
    for (size_t at = 0; at <= text.length; at++) {
        if (at == text.length || is_space(text.at[at])) {
            if (letters > 0 && letters >= min_letters) words++;
            letters = 0;
        } else if (((unsigned char)text.at[at] & 0xC0) != 0x80) {
            letters++;
        }
    }
    return words;
}

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    const settings *set = job->settings;
    state done = {0};
    int resumes = cofferdam_read_checkpoint(&done, &state_type);
    if (resumes < 0) return -1;
    if (resumes) cofferdam_info("going on after text %llu", (unsigned long long)done.texts);
    while (done.texts < in->texts.count) {
        /* Asked to stop: the job goes on from its checkpoint when it is resumed. */
        if (cofferdam_is_cancelled()) return 0;
        counted result = {.words = count(in->texts.items[done.texts], set->min_letters)};
        result.text = ++done.texts;
        done.words += result.words;
        if (cofferdam_save_result(&result, &counted_type)) return -1;
        /* The checkpoint makes the results before it final. Where one step is short, save only every few hundred. */
        if (cofferdam_save_checkpoint(&done, &state_type)) return -1;
        cofferdam_report_progress(done.texts, in->texts.count);
    }
    cofferdam_info("counted %llu words in %llu texts", (unsigned long long)done.words, (unsigned long long)done.texts);
    return cofferdam_save_result(&(total){done.words}, &total_type);
}

COFFERDAM_MODULE(.name = "{{name}}", .version = "0.1.0", .description = "Counts the words of texts.",
                 .inputs = &inputs_type, .settings = &settings_type, .run = run);
