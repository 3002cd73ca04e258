/* From what a module says to a request that can be sent, and what is said of it when it has no answer. */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

static cofferdam_http_error last;
static buffer last_message;

const cofferdam_http_error *cofferdam_last_http_error(void) { return &last; }

static const char *words_of(cofferdam_http_error_kind kind) {
    switch (kind) {
    case COFFERDAM_HTTP_DENIED: return "the module is not granted this request; the job's log says which host it lacks";
    case COFFERDAM_HTTP_ADDRESS_NOT_ALLOWED: return "the module is not granted the address of this host";
    case COFFERDAM_HTTP_LIMIT_REACHED: return "a limit of the job is used up";
    case COFFERDAM_HTTP_INVALID: return "the request cannot be sent";
    case COFFERDAM_HTTP_CONNECTION: return "the server was not reached";
    case COFFERDAM_HTTP_TIMEOUT: return "the server took too long";
    case COFFERDAM_HTTP_TERMINATED: return "the request was ended";
    case COFFERDAM_HTTP_NONE:
    case COFFERDAM_HTTP_OTHER: break;
    }
    return "the exchange failed";
}

static int note(cofferdam_http_error_kind kind, const buffer *reason) {
    buffer_free(&last_message);
    buffer_append(&last_message, "%s%s%s", words_of(kind), reason->length ? ": " : "", reason->length ? reason->at : "");
    last = (cofferdam_http_error){kind, last_message.at};
    module_note(false, last.message);
    return -1;
}

/* ---- What could never be sent ------------------------------------------------------------------------------------ */

static bool is_token(const char *text) {
    static const char others[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && text[strspn(text, others)] == 0;
}

static bool has_control(const char *text, unsigned char lowest) {
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if ((byte < lowest && byte != '\t') || byte == 0x7f) return true;
    }
    return false;
}

/* Takes a URL apart. What stands behind `#` is for the module alone. */
static bool take_apart(const char *url, http_request *request) {
    request->is_tls = !strncmp(url, "https://", 8);
    if (!request->is_tls && strncmp(url, "http://", 7)) return false;
    const char *authority = url + (request->is_tls ? 8 : 7);
    const char *path = authority + strcspn(authority, "/?#");
    request->authority = (cofferdam_text){authority, (size_t)(path - authority)};
    request->path_with_query = (cofferdam_text){path, strcspn(path, "#")};
    for (const char *at = url; *at; at++) {
        if ((unsigned char)*at <= ' ' || (unsigned char)*at > '~') return false;
    }
    return request->authority.length > 0;
}

static bool is_sendable(http_request *request, buffer *reason) {
    const char *url = request->as_given->url ? request->as_given->url : "";
    if (!is_token(request->method)) {
        buffer_append(reason, "`%s` is no method", request->method);
    } else if (!take_apart(url, request)) {
        buffer_append(reason, "`%s` is no address of http or https", url);
    }
    for (size_t at = 0; at < request->header_count && !reason->length; at++) {
        const cofferdam_http_header header = request->headers[at];
        if (!header.name || !is_token(header.name)) {
            buffer_append(reason, "`%s` is no name of a header", header.name ? header.name : "");
        } else if (!header.value || has_control(header.value, ' ')) {
            buffer_append(reason, "the header `%s` has no value, or one with a line break", header.name);
        }
    }
    return !reason->length;
}

/* ---- Sending ----------------------------------------------------------------------------------------------------- */

static bool is_same(const char *one, const char *other) {
    for (; *one && *other; one++, other++) {
        char a = *one >= 'A' && *one <= 'Z' ? (char)(*one + 32) : *one;
        char b = *other >= 'A' && *other <= 'Z' ? (char)(*other + 32) : *other;
        if (a != b) return false;
    }
    return *one == *other;
}

/* Without a length a body would be sent in chunks, which not every server takes. */
static bool needs_length(const http_request *request) {
    for (size_t at = 0; at < request->header_count; at++) {
        if (request->headers[at].name && is_same(request->headers[at].name, "content-length")) return false;
    }
    return request->as_given->body.length || !strcmp(request->method, "POST") || !strcmp(request->method, "PUT") ||
           !strcmp(request->method, "PATCH");
}

int cofferdam_http_send(const cofferdam_http_request *given, cofferdam_http_response *response) {
    http_request request = {.as_given = given, .method = given->method ? given->method : "GET",
                            .headers = given->headers, .header_count = given->header_count};
    char length[24];
    snprintf(length, sizeof length, "%zu", given->body.length);
    cofferdam_http_header *headers = memory_of(given->header_count + 1, sizeof *headers);
    if (given->header_count) memcpy(headers, given->headers, given->header_count * sizeof *headers);
    if (needs_length(&request)) headers[request.header_count++] = (cofferdam_http_header){"content-length", length};
    request.headers = headers;
    *response = (cofferdam_http_response){0};
    buffer reason = {0};
    cofferdam_http_error_kind kind =
        is_sendable(&request, &reason) ? http_exchange(&request, response, &reason) : COFFERDAM_HTTP_INVALID;
    if (kind != COFFERDAM_HTTP_NONE) {
        cofferdam_http_free(response);
        note(kind, &reason);
    }
    buffer_free(&reason);
    free(headers);
    return kind == COFFERDAM_HTTP_NONE ? 0 : -1;
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

char *http_copy(const void *bytes, size_t length) {
    char *copy = memory_of(length + 1, 1);
    if (length) memcpy(copy, bytes, length);
    return copy;
}

void cofferdam_http_free(cofferdam_http_response *response) {
    for (size_t at = 0; at < response->header_count; at++) {
        free((void *)(uintptr_t)response->headers[at].name);
        free((void *)(uintptr_t)response->headers[at].value);
    }
    free(response->headers);
    free((void *)(uintptr_t)response->body.at);
    *response = (cofferdam_http_response){0};
}

const char *cofferdam_http_header_of(const cofferdam_http_response *response, const char *name) {
    for (size_t at = 0; at < response->header_count; at++) {
        if (is_same(response->headers[at].name, name)) return response->headers[at].value;
    }
    return NULL;
}
