/* Calls servers over HTTP.
 *
 *     cofferdam_http_response page;
 *     if (cofferdam_http_send(&(cofferdam_http_request){.url = "https://api.example.com/status"}, &page)) return -1;
 *     cofferdam_info("%u %s", page.status, page.body.at);
 *     cofferdam_http_free(&page);
 *
 * Only servers that the module was granted answer; every other request is COFFERDAM_HTTP_DENIED. Redirects are not
 * followed: an answer with `location` is an answer like any. A module that does not use this imports nothing of it. */
#ifndef COFFERDAM_HTTP_H
#define COFFERDAM_HTTP_H

#include <cofferdam.h>

typedef struct { const char *name, *value; } cofferdam_http_header;

/* What is sent. Everything belongs to the caller, and is only read. */
typedef struct {
    const char *method;                   /* GET where this is a null pointer */
    const char *url;                      /* of http or https, in ASCII: the rest percent-encoded */
    const cofferdam_http_header *headers; /* `content-length` is added to a body by itself */
    size_t header_count;
    cofferdam_text body;
    uint32_t timeout_ms; /* how long each wait may take, for the connection, for the answer's head, and for more of its body;
                          * 0 is as long as the host allows */
} cofferdam_http_request;

/* An answer, whatever its status. It belongs to who asked, until cofferdam_http_free. */
typedef struct {
    uint16_t status;
    cofferdam_http_header *headers; /* names in lower case, in the order in which they came */
    size_t header_count;
    cofferdam_text body; /* a byte 0 stands behind it, which is not counted */
} cofferdam_http_response;

/* Sends a request and waits for the whole answer. 0 and an answer, to be released with cofferdam_http_free. Else -1, and
 * nothing to release: cofferdam_last_http_error() says why, and so does the failure that is noted. The job may go on. */
__attribute__((__warn_unused_result__)) int cofferdam_http_send(const cofferdam_http_request *request,
                                                                cofferdam_http_response *response);

/* Releases what an answer points to. One that is released, or all zeros, may be released again. */
void cofferdam_http_free(cofferdam_http_response *response);

/* The first header of this name, in upper or lower case, or a null pointer. It lives as long as the answer. */
const char *cofferdam_http_header_of(const cofferdam_http_response *response, const char *name);

typedef enum {
    COFFERDAM_HTTP_NONE,                /* there was none yet */
    COFFERDAM_HTTP_DENIED,              /* not granted this scheme, host, port and method; the job's log says which */
    COFFERDAM_HTTP_ADDRESS_NOT_ALLOWED, /* the host has only addresses that were not granted, such as private ones */
    COFFERDAM_HTTP_LIMIT_REACHED,       /* the job has sent as many requests or bytes as it may */
    COFFERDAM_HTTP_INVALID,             /* the request cannot be sent as it is */
    COFFERDAM_HTTP_CONNECTION,          /* the server was not reached, or the connection broke */
    COFFERDAM_HTTP_TIMEOUT,             /* it took too long */
    COFFERDAM_HTTP_TERMINATED,          /* the job is to stop, or the other end went away */
    COFFERDAM_HTTP_OTHER                /* the answer is not what HTTP allows, or something else went wrong */
} cofferdam_http_error_kind;

typedef struct {
    cofferdam_http_error_kind kind;
    const char *message; /* all of it in a sentence */
} cofferdam_http_error;

/* Why the last request had no answer. Holds until the next one has none. */
const cofferdam_http_error *cofferdam_last_http_error(void);

#endif
