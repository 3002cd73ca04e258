/* The module checksums: CRC-32 and SHA-256 of a text and of its parts, going on after a stop where it was. */
#include <cofferdam.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"

typedef struct { cofferdam_text text; } inputs;
COFFERDAM_TYPE(inputs, COFFERDAM_FIELD(inputs, text, .doc = "The text, whose UTF-8 is summed."));

typedef struct { uint32_t part_bytes; } settings;
COFFERDAM_TYPE(settings, COFFERDAM_FIELD(settings, part_bytes, .fallback = "65536", .minimum = "64",
                                         .doc = "Bytes of a part, a multiple of 64."));

/* The place in the text, and what is known of all before it. */
typedef struct { uint64_t bytes; uint32_t crc32; cofferdam_integers sha256; } state;
COFFERDAM_TYPE(state, COFFERDAM_FIELD(state, bytes), COFFERDAM_FIELD(state, crc32), COFFERDAM_FIELD(state, sha256));

/* One a part, then one of the whole, whose part is 0. */
typedef struct { uint64_t part, from, bytes; const char *crc32, *sha256; } sums;
COFFERDAM_TYPE(sums, COFFERDAM_FIELD(sums, part), COFFERDAM_FIELD(sums, from), COFFERDAM_FIELD(sums, bytes),
               COFFERDAM_FIELD(sums, crc32), COFFERDAM_FIELD(sums, sha256));

static int save(sums result, uint32_t crc, const char *sha256) {
    char hex[9];
    snprintf(hex, sizeof hex, "%08x", (unsigned)crc);
    result.crc32 = hex;
    result.sha256 = sha256;
    return cofferdam_save_result(&result, &sums_type);
}

static int begin(state *done, int64_t words[SHA256_WORDS], const inputs *in) {
    *done = (state){0};
    memcpy(words, sha256_start, sizeof sha256_start);
    int resumes = cofferdam_read_checkpoint(done, &state_type);
    if (resumes < 0) return -1;
    if (resumes && (done->sha256.count != SHA256_WORDS || done->bytes > in->text.length))
        return cofferdam_fail("the checkpoint is not one of this text: %llu bytes of %zu, %zu words of 8",
                              (unsigned long long)done->bytes, in->text.length, done->sha256.count);
    if (resumes) memcpy(words, done->sha256.items, sizeof sha256_start);
    done->sha256 = (cofferdam_integers){words, SHA256_WORDS};
    return 0;
}

static int run(const cofferdam_job *job) {
    const inputs *in = job->inputs;
    const size_t part_bytes = ((const settings *)job->settings)->part_bytes, total = in->text.length;
    const unsigned char *text = (const unsigned char *)in->text.at;
    int64_t words[SHA256_WORDS];
    char hex[65];
    state done;
    if (part_bytes % SHA256_BLOCK) return cofferdam_fail("part_bytes is %zu; it must be a multiple of 64", part_bytes);
    if (begin(&done, words, in)) return -1;
    while (total - done.bytes >= part_bytes) {
        if (cofferdam_is_cancelled()) return 0;
        const unsigned char *part = text + done.bytes;
        sha256_end(sha256_start, part, part_bytes, part_bytes, hex);
        if (save((sums){done.bytes / part_bytes + 1, done.bytes, part_bytes, NULL, NULL}, crc32_add(0, part, part_bytes), hex))
            return -1;
        done.crc32 = crc32_add(done.crc32, part, part_bytes);
        sha256_add(words, part, part_bytes);
        done.bytes += part_bytes;
        if (cofferdam_save_checkpoint(&done, &state_type)) return -1;
        cofferdam_report_progress(done.bytes, total);
    }
    const size_t rest = total - done.bytes;
    if (rest > 0) {
        sha256_end(sha256_start, text + done.bytes, rest, rest, hex);
        if (save((sums){done.bytes / part_bytes + 1, done.bytes, rest, NULL, NULL}, crc32_add(0, text + done.bytes, rest), hex))
            return -1;
    }
    sha256_end(words, text + done.bytes, rest, total, hex);
    cofferdam_info("summed %zu bytes", total);
    return save((sums){0, 0, total, NULL, NULL}, crc32_add(done.crc32, text + done.bytes, rest), hex);
}

COFFERDAM_MODULE(.name = "checksums", .version = "0.1.0", .description = "CRC-32 and SHA-256 of a text and of its parts.",
                 .inputs = &inputs_type, .settings = &settings_type, .run = run);
