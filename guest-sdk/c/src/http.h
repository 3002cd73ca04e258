/* The seam between cofferdam_http_send and whoever answers: http_component.c in a component, http_stand_in.c in tests. */
#ifndef COFFERDAM_SRC_HTTP_H
#define COFFERDAM_SRC_HTTP_H

#include <cofferdam_http.h>

#include "buffer.h"

/* A request that was checked, with the parts of its URL and its headers complete. */
typedef struct {
    const cofferdam_http_request *as_given;
    const char *method;
    bool is_tls;
    cofferdam_text authority, path_with_query;
    const cofferdam_http_header *headers;
    size_t header_count;
} http_request;

/* COFFERDAM_HTTP_NONE and an answer; or what went wrong, and more about it where there is more. */
cofferdam_http_error_kind http_exchange(const http_request *request, cofferdam_http_response *response, buffer *reason);

/* A copy that cofferdam_http_free releases, with a byte 0 behind it. */
char *http_copy(const void *bytes, size_t length);

#endif
