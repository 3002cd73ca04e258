/* Servers in memory, for native tests: what `.http` of the attempt answers. Empty inside a component. */
#include "http.h"

#ifndef __wasm__

#include <string.h>

#include "http_stand_in.h"

static cofferdam_servers servers;

void http_stand_in(cofferdam_servers answers) { servers = answers; }

cofferdam_http_error_kind http_exchange(const http_request *request, cofferdam_http_response *response, buffer *reason) {
    (void)reason;
    /* As without a grant: there is no network in native tests. */
    if (!servers) return COFFERDAM_HTTP_DENIED;
    cofferdam_http_request seen = *request->as_given;
    seen.method = request->method;
    seen.headers = request->headers;
    seen.header_count = request->header_count;
    cofferdam_http_answer answer = {.status = 200};
    cofferdam_http_error_kind kind = servers(&seen, &answer);
    if (kind != COFFERDAM_HTTP_NONE) return kind;
    response->status = answer.status;
    response->headers = memory_of(answer.header_count + 1, sizeof *response->headers);
    response->header_count = answer.header_count;
    for (size_t at = 0; at < answer.header_count; at++) {
        const cofferdam_http_header header = answer.headers[at];
        response->headers[at] = (cofferdam_http_header){http_copy(header.name, strlen(header.name)),
                                                        http_copy(header.value, strlen(header.value))};
    }
    response->body = (cofferdam_text){http_copy(answer.body.at, answer.body.length), answer.body.length};
    return COFFERDAM_HTTP_NONE;
}

#endif
