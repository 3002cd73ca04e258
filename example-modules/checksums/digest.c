#include "digest.h"

#include <stdio.h>
#include <string.h>

uint32_t crc32_add(uint32_t crc, const unsigned char *bytes, size_t length) {
    crc = ~crc;
    for (size_t at = 0; at < length; at++) {
        crc ^= bytes[at];
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

const int64_t sha256_start[SHA256_WORDS] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

static void add_block(int64_t state[SHA256_WORDS], const unsigned char *block) {
    uint32_t w[64], s[SHA256_WORDS];
    for (int at = 0; at < 16; at++, block += 4)
        w[at] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
    for (int at = 16; at < 64; at++) {
        uint32_t a = w[at - 15], b = w[at - 2];
        w[at] = w[at - 16] + w[at - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    for (int at = 0; at < SHA256_WORDS; at++) s[at] = (uint32_t)state[at];
    for (int at = 0; at < 64; at++) {
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]), majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + choice + round_constants[at] + w[at];
        uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + majority;
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (int at = 0; at < SHA256_WORDS; at++) state[at] = (uint32_t)state[at] + s[at];
    for (int at = 0; at < SHA256_WORDS; at++) state[at] &= 0xFFFFFFFF;
}

void sha256_add(int64_t state[SHA256_WORDS], const unsigned char *bytes, size_t length) {
    for (; length >= SHA256_BLOCK; bytes += SHA256_BLOCK, length -= SHA256_BLOCK) add_block(state, bytes);
}

void sha256_end(const int64_t state[SHA256_WORDS], const unsigned char *rest, size_t length, uint64_t total, char hex[65]) {
    int64_t last[SHA256_WORDS];
    unsigned char padded[2 * SHA256_BLOCK] = {0};
    size_t whole = length - length % SHA256_BLOCK, left = length - whole;
    size_t end = left < SHA256_BLOCK - 8 ? SHA256_BLOCK : 2 * SHA256_BLOCK;
    memcpy(last, state, sizeof last);
    sha256_add(last, rest, whole);
    memcpy(padded, rest + whole, left);
    padded[left] = 0x80;
    for (int at = 0; at < 8; at++) padded[end - 1 - (size_t)at] = (unsigned char)(total * 8 >> 8 * at);
    sha256_add(last, padded, end);
    for (int at = 0; at < SHA256_WORDS; at++) snprintf(hex + 8 * at, 9, "%08x", (unsigned)last[at]);
}
