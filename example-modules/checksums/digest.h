/* CRC-32 (of zlib, gzip and PNG) and SHA-256 (FIPS 180-4), one piece after the other. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, which is 0 at the beginning. */
uint32_t crc32_add(uint32_t crc, const unsigned char *bytes, size_t length);

/* What SHA-256 knows after whole blocks: eight words, as numbers that a checkpoint can hold. */
enum { SHA256_BLOCK = 64, SHA256_WORDS = 8 };
extern const int64_t sha256_start[SHA256_WORDS];

/* Takes in a length that is a multiple of SHA256_BLOCK. */
void sha256_add(int64_t state[SHA256_WORDS], const unsigned char *bytes, size_t length);

/* Takes in the rest of a text of `total` bytes, and writes the digest as 64 hexadecimal digits. `state` stays as it is. */
void sha256_end(const int64_t state[SHA256_WORDS], const unsigned char *rest, size_t length, uint64_t total, char hex[65]);

#endif
