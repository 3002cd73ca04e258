/* A request through wasi:http. Empty on every other target; a module that sends none imports nothing of it. */
#include "http.h"

#ifdef __wasm__

#include <stdlib.h>
#include <string.h>

#include "../bindings/module.h"

/* The most that blocking-write-and-flush takes. */
enum { WRITTEN_AT_ONCE = 4096, READ_AT_ONCE = 64 << 10 };

/* The bindings take texts without const, and only read them. */
static module_string_t lent(const char *text, size_t length) {
    return (module_string_t){(uint8_t *)(uintptr_t)text, length};
}

/* ---- What went wrong --------------------------------------------------------------------------------------------- */

/* The names of the host's codes, in the order of their numbers. */
static const char *const codes[] = {
    "DNS-timeout", "DNS-error", "destination-not-found", "destination-unavailable", "destination-IP-prohibited",
    "destination-IP-unroutable", "connection-refused", "connection-terminated", "connection-timeout",
    "connection-read-timeout", "connection-write-timeout", "connection-limit-reached", "TLS-protocol-error",
    "TLS-certificate-error", "TLS-alert-received", "HTTP-request-denied", "HTTP-request-length-required",
    "HTTP-request-body-size", "HTTP-request-method-invalid", "HTTP-request-URI-invalid", "HTTP-request-URI-too-long",
    "HTTP-request-header-section-size", "HTTP-request-header-size", "HTTP-request-trailer-section-size",
    "HTTP-request-trailer-size", "HTTP-response-incomplete", "HTTP-response-header-section-size",
    "HTTP-response-header-size", "HTTP-response-body-size", "HTTP-response-trailer-section-size",
    "HTTP-response-trailer-size", "HTTP-response-transfer-coding", "HTTP-response-content-coding",
    "HTTP-response-timeout", "HTTP-upgrade-failed", "HTTP-protocol-error", "loop-detected", "configuration-error",
    "internal-error",
};

static void append_option(buffer *reason, const module_option_string_t *more) {
    if (more->is_some) buffer_append(reason, " %.*s", (int)more->val.len, (const char *)more->val.ptr);
}

/* The code's name, with what the host adds to it. */
static void append_words(const wasi_http_types_error_code_t *code, buffer *reason) {
    buffer_append(reason, "%s", code->tag < sizeof codes / sizeof *codes ? codes[code->tag] : "an unknown error");
    if (code->tag == WASI_HTTP_TYPES_ERROR_CODE_DNS_ERROR) append_option(reason, &code->val.dns_error.rcode);
    if (code->tag == WASI_HTTP_TYPES_ERROR_CODE_TLS_ALERT_RECEIVED) {
        append_option(reason, &code->val.tls_alert_received.alert_message);
    }
    if (code->tag == WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR) append_option(reason, &code->val.internal_error);
}

static cofferdam_http_error_kind kind_of(const wasi_http_types_error_code_t *code, buffer *reason) {
    switch (code->tag) {
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_DENIED:
        return COFFERDAM_HTTP_DENIED;
    case WASI_HTTP_TYPES_ERROR_CODE_DESTINATION_IP_PROHIBITED:
        return COFFERDAM_HTTP_ADDRESS_NOT_ALLOWED;
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_LIMIT_REACHED:
        buffer_append(reason, "HTTP requests");
        return COFFERDAM_HTTP_LIMIT_REACHED;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_BODY_SIZE:
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_BODY_SIZE:
        buffer_append(reason, "bytes of HTTP bodies");
        return COFFERDAM_HTTP_LIMIT_REACHED;
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_TIMEOUT:
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_READ_TIMEOUT:
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_WRITE_TIMEOUT:
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_TIMEOUT:
    case WASI_HTTP_TYPES_ERROR_CODE_DNS_TIMEOUT:
        return COFFERDAM_HTTP_TIMEOUT;
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_TERMINATED:
        return COFFERDAM_HTTP_TERMINATED;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_URI_INVALID:
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_URI_TOO_LONG:
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_METHOD_INVALID:
        append_words(code, reason);
        return COFFERDAM_HTTP_INVALID;
    case WASI_HTTP_TYPES_ERROR_CODE_DNS_ERROR:
    case WASI_HTTP_TYPES_ERROR_CODE_DESTINATION_NOT_FOUND:
    case WASI_HTTP_TYPES_ERROR_CODE_DESTINATION_UNAVAILABLE:
    case WASI_HTTP_TYPES_ERROR_CODE_DESTINATION_IP_UNROUTABLE:
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_REFUSED:
    case WASI_HTTP_TYPES_ERROR_CODE_TLS_PROTOCOL_ERROR:
    case WASI_HTTP_TYPES_ERROR_CODE_TLS_CERTIFICATE_ERROR:
    case WASI_HTTP_TYPES_ERROR_CODE_TLS_ALERT_RECEIVED:
        append_words(code, reason);
        return COFFERDAM_HTTP_CONNECTION;
    default:
        append_words(code, reason);
        return COFFERDAM_HTTP_OTHER;
    }
}

static cofferdam_http_error_kind failed(wasi_http_types_error_code_t *code, buffer *reason) {
    cofferdam_http_error_kind kind = kind_of(code, reason);
    wasi_http_types_error_code_free(code);
    return kind;
}

/* Why no more of a body comes, which the host often says as a text alone. */
static cofferdam_http_error_kind broken(wasi_io_error_own_error_t error, buffer *reason) {
    wasi_http_types_error_code_t code;
    if (wasi_http_types_http_error_code(wasi_io_error_borrow_error(error), &code)) {
        wasi_io_error_error_drop_own(error);
        return failed(&code, reason);
    }
    module_string_t text;
    wasi_io_error_method_error_to_debug_string(wasi_io_error_borrow_error(error), &text);
    wasi_io_error_error_drop_own(error);
    buffer_append_bytes(reason, (const char *)text.ptr, text.len);
    module_string_free(&text);
    cofferdam_http_error_kind kind = strstr(reason->at, "terminated")      ? COFFERDAM_HTTP_TERMINATED
                                     : strstr(reason->at, "timeout")       ? COFFERDAM_HTTP_TIMEOUT
                                     : strstr(reason->at, "exceeds limit") ? COFFERDAM_HTTP_LIMIT_REACHED
                                                                           : COFFERDAM_HTTP_OTHER;
    if (kind == COFFERDAM_HTTP_TERMINATED || kind == COFFERDAM_HTTP_TIMEOUT) buffer_cut(reason, 0);
    return kind;
}

/* ---- Sending ----------------------------------------------------------------------------------------------------- */

static wasi_http_types_method_t method_of(const char *name) {
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    for (uint8_t tag = 0; tag < sizeof known / sizeof *known; tag++) {
        if (!strcmp(name, known[tag])) return (wasi_http_types_method_t){.tag = tag};
    }
    return (wasi_http_types_method_t){WASI_HTTP_TYPES_METHOD_OTHER, {lent(name, strlen(name))}};
}

static bool fields_of(const http_request *request, wasi_http_types_own_fields_t *fields, buffer *reason) {
    wasi_http_types_tuple2_field_name_field_value_t *list = memory_of(request->header_count + 1, sizeof *list);
    for (size_t at = 0; at < request->header_count; at++) {
        const cofferdam_http_header header = request->headers[at];
        list[at].f0 = lent(header.name, strlen(header.name));
        list[at].f1 = (wasi_http_types_field_value_t){(uint8_t *)(uintptr_t)header.value, strlen(header.value)};
    }
    wasi_http_types_list_tuple2_field_name_field_value_t entries = {list, request->header_count};
    wasi_http_types_header_error_t error;
    bool taken = wasi_http_types_static_fields_from_list(&entries, fields, &error);
    free(list);
    if (!taken) {
        buffer_append(reason, "one of its headers may not be sent: %s",
                      error.tag == WASI_HTTP_TYPES_HEADER_ERROR_FORBIDDEN ? "forbidden" : "invalid syntax");
    }
    return taken;
}

static bool outgoing_of(const http_request *request, wasi_http_types_own_outgoing_request_t *outgoing, buffer *reason) {
    wasi_http_types_own_fields_t fields;
    if (!fields_of(request, &fields, reason)) return false;
    *outgoing = wasi_http_types_constructor_outgoing_request(fields);
    wasi_http_types_borrow_outgoing_request_t borrowed = wasi_http_types_borrow_outgoing_request(*outgoing);
    wasi_http_types_method_t method = method_of(request->method);
    wasi_http_types_scheme_t scheme = {
        .tag = request->is_tls ? WASI_HTTP_TYPES_SCHEME_HTTPS : WASI_HTTP_TYPES_SCHEME_HTTP};
    module_string_t authority = lent(request->authority.at, request->authority.length);
    buffer path = {0};
    if (!request->path_with_query.length || *request->path_with_query.at != '/') buffer_append(&path, "/");
    buffer_append_bytes(&path, request->path_with_query.at, request->path_with_query.length);
    module_string_t path_with_query = lent(path.at, path.length);
    bool taken = wasi_http_types_method_outgoing_request_set_method(borrowed, &method) &&
                 wasi_http_types_method_outgoing_request_set_scheme(borrowed, &scheme) &&
                 wasi_http_types_method_outgoing_request_set_authority(borrowed, &authority) &&
                 wasi_http_types_method_outgoing_request_set_path_with_query(borrowed, &path_with_query);
    buffer_free(&path);
    if (taken) return true;
    wasi_http_types_outgoing_request_drop_own(*outgoing);
    buffer_append(reason, "`%s %s`", request->method, request->as_given->url);
    return false;
}

static wasi_http_types_own_request_options_t options_of(uint32_t timeout_ms) {
    wasi_http_types_own_request_options_t options = wasi_http_types_constructor_request_options();
    wasi_http_types_borrow_request_options_t borrowed = wasi_http_types_borrow_request_options(options);
    wasi_http_types_duration_t nanoseconds = (uint64_t)timeout_ms * 1000000;
    wasi_http_types_method_request_options_set_connect_timeout(borrowed, &nanoseconds);
    wasi_http_types_method_request_options_set_first_byte_timeout(borrowed, &nanoseconds);
    wasi_http_types_method_request_options_set_between_bytes_timeout(borrowed, &nanoseconds);
    return options;
}

/* That the server takes no more is no error: it may answer before it has read everything, and says what is wrong. */
static void write_body(wasi_http_types_own_outgoing_body_t body, cofferdam_text content) {
    wasi_io_streams_own_output_stream_t stream;
    bool takes_more = true;
    if (content.length &&
        wasi_http_types_method_outgoing_body_write(wasi_http_types_borrow_outgoing_body(body), &stream)) {
        for (size_t at = 0; at < content.length && takes_more; at += WRITTEN_AT_ONCE) {
            size_t rest = content.length - at;
            module_list_u8_t part = {(uint8_t *)(uintptr_t)content.at + at, rest < WRITTEN_AT_ONCE ? rest : WRITTEN_AT_ONCE};
            wasi_io_streams_stream_error_t error;
            takes_more = wasi_io_streams_method_output_stream_blocking_write_and_flush(
                wasi_io_streams_borrow_output_stream(stream), &part, &error);
            if (!takes_more) wasi_io_streams_stream_error_free(&error);
        }
        wasi_io_streams_output_stream_drop_own(stream);
    }
    wasi_http_types_error_code_t code;
    if (!wasi_http_types_static_outgoing_body_finish(body, NULL, &code)) wasi_http_types_error_code_free(&code);
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

static void read_headers(wasi_http_types_borrow_incoming_response_t incoming, cofferdam_http_response *response) {
    wasi_http_types_own_fields_t fields = wasi_http_types_method_incoming_response_headers(incoming);
    wasi_http_types_list_tuple2_field_name_field_value_t entries;
    wasi_http_types_method_fields_entries(wasi_http_types_borrow_fields(fields), &entries);
    response->headers = memory_of(entries.len + 1, sizeof *response->headers);
    for (size_t at = 0; at < entries.len; at++) {
        response->headers[at] = (cofferdam_http_header){http_copy(entries.ptr[at].f0.ptr, entries.ptr[at].f0.len),
                                                        http_copy(entries.ptr[at].f1.ptr, entries.ptr[at].f1.len)};
    }
    response->header_count = entries.len;
    wasi_http_types_list_tuple2_field_name_field_value_free(&entries);
    wasi_http_types_fields_drop_own(fields);
}

static cofferdam_http_error_kind read_body(wasi_io_streams_borrow_input_stream_t stream, cofferdam_text *body,
                                           buffer *reason) {
    buffer whole = {0};
    buffer_append_bytes(&whole, "", 0);
    module_list_u8_t part;
    wasi_io_streams_stream_error_t error;
    while (wasi_io_streams_method_input_stream_blocking_read(stream, READ_AT_ONCE, &part, &error)) {
        buffer_append_bytes(&whole, (const char *)part.ptr, part.len);
        module_list_u8_free(&part);
    }
    *body = (cofferdam_text){whole.at, whole.length};
    if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) return COFFERDAM_HTTP_NONE;
    return broken(error.val.last_operation_failed, reason);
}

static cofferdam_http_error_kind read_answer(wasi_http_types_borrow_incoming_response_t incoming,
                                             cofferdam_http_response *response, buffer *reason) {
    response->status = wasi_http_types_method_incoming_response_status(incoming);
    read_headers(incoming, response);
    wasi_http_types_own_incoming_body_t body;
    wasi_io_streams_own_input_stream_t stream;
    if (!wasi_http_types_method_incoming_response_consume(incoming, &body)) return COFFERDAM_HTTP_OTHER;
    cofferdam_http_error_kind kind = COFFERDAM_HTTP_OTHER;
    if (wasi_http_types_method_incoming_body_stream(wasi_http_types_borrow_incoming_body(body), &stream)) {
        kind = read_body(wasi_io_streams_borrow_input_stream(stream), &response->body, reason);
        wasi_io_streams_input_stream_drop_own(stream);
    }
    wasi_http_types_incoming_body_drop_own(body);
    return kind;
}

static cofferdam_http_error_kind await(wasi_http_types_borrow_future_incoming_response_t future,
                                       cofferdam_http_response *response, buffer *reason) {
    wasi_io_poll_own_pollable_t ready = wasi_http_types_method_future_incoming_response_subscribe(future);
    wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(ready));
    wasi_io_poll_pollable_drop_own(ready);
    wasi_http_types_result_result_own_incoming_response_error_code_void_t got;
    if (!wasi_http_types_method_future_incoming_response_get(future, &got) || got.is_err) return COFFERDAM_HTTP_OTHER;
    if (got.val.ok.is_err) return failed(&got.val.ok.val.err, reason);
    wasi_http_types_own_incoming_response_t incoming = got.val.ok.val.ok;
    cofferdam_http_error_kind kind =
        read_answer(wasi_http_types_borrow_incoming_response(incoming), response, reason);
    wasi_http_types_incoming_response_drop_own(incoming);
    return kind;
}

cofferdam_http_error_kind http_exchange(const http_request *request, cofferdam_http_response *response, buffer *reason) {
    wasi_http_types_own_outgoing_request_t outgoing;
    if (!outgoing_of(request, &outgoing, reason)) return COFFERDAM_HTTP_INVALID;
    wasi_http_types_own_outgoing_body_t body;
    wasi_http_types_method_outgoing_request_body(wasi_http_types_borrow_outgoing_request(outgoing), &body);
    wasi_http_types_own_request_options_t options = {0};
    bool limited = request->as_given->timeout_ms > 0;
    if (limited) options = options_of(request->as_given->timeout_ms);
    wasi_http_types_own_future_incoming_response_t future;
    wasi_http_types_error_code_t code;
    if (!wasi_http_outgoing_handler_handle(outgoing, limited ? &options : NULL, &future, &code)) {
        wasi_http_types_outgoing_body_drop_own(body);
        return failed(&code, reason);
    }
    write_body(body, request->as_given->body);
    cofferdam_http_error_kind kind =
        await(wasi_http_types_borrow_future_incoming_response(future), response, reason);
    wasi_http_types_future_incoming_response_drop_own(future);
    return kind;
}

#endif
