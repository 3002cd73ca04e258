package cofferdamhttp

import (
	"fmt"
	"strings"

	wasi "cofferdam/bindings/imports/wasi_http_types"
	"cofferdam/bindings/imports/wasi_io_streams"
)

// The names of the host's codes, in the order of their numbers.
var codes = [...]string{
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
}

func errorOf(code wasi.ErrorCode) error {
	switch code.Tag() {
	case wasi.ErrorCode_HttpRequestDenied:
		return &Error{Kind: Denied}
	case wasi.ErrorCode_DestinationIpProhibited:
		return &Error{Kind: AddressNotAllowed}
	case wasi.ErrorCode_ConnectionLimitReached:
		return &Error{LimitReached, "HTTP requests"}
	case wasi.ErrorCode_HttpRequestBodySize, wasi.ErrorCode_HttpResponseBodySize:
		return &Error{LimitReached, "bytes of HTTP bodies"}
	case wasi.ErrorCode_ConnectionTimeout, wasi.ErrorCode_ConnectionReadTimeout, wasi.ErrorCode_ConnectionWriteTimeout,
		wasi.ErrorCode_HttpResponseTimeout, wasi.ErrorCode_DnsTimeout:
		return &Error{Kind: TimedOut}
	case wasi.ErrorCode_ConnectionTerminated:
		return &Error{Kind: Terminated}
	case wasi.ErrorCode_HttpRequestUriInvalid, wasi.ErrorCode_HttpRequestUriTooLong,
		wasi.ErrorCode_HttpRequestMethodInvalid:
		return &Error{Invalid, words(code)}
	case wasi.ErrorCode_DnsError, wasi.ErrorCode_DestinationNotFound, wasi.ErrorCode_DestinationUnavailable,
		wasi.ErrorCode_DestinationIpUnroutable, wasi.ErrorCode_ConnectionRefused, wasi.ErrorCode_TlsProtocolError,
		wasi.ErrorCode_TlsCertificateError, wasi.ErrorCode_TlsAlertReceived:
		return &Error{Connection, words(code)}
	default:
		return &Error{Other, words(code)}
	}
}

// words is the code's name, with what the host adds to it.
func words(code wasi.ErrorCode) string {
	name := fmt.Sprintf("error %d", code.Tag())
	if int(code.Tag()) < len(codes) {
		name = codes[code.Tag()]
	}
	switch code.Tag() {
	case wasi.ErrorCode_DnsError:
		return strings.TrimSuffix(name+" "+code.DnsError().Rcode.SomeOr(""), " ")
	case wasi.ErrorCode_TlsAlertReceived:
		return strings.TrimSuffix(name+" "+code.TlsAlertReceived().AlertMessage.SomeOr(""), " ")
	case wasi.ErrorCode_InternalError:
		return strings.TrimSuffix(name+" "+code.InternalError().SomeOr(""), " ")
	default:
		return name
	}
}

// brokenStream is why no more of a body comes, which the host often says as a text alone.
func brokenStream(failed wasi_io_streams.StreamError) error {
	cause := failed.LastOperationFailed()
	defer cause.Drop()
	if code := wasi.HttpErrorCode(cause); code.IsSome() {
		return errorOf(code.Some())
	}
	text := cause.ToDebugString()
	switch {
	case strings.Contains(text, "terminated"):
		return &Error{Kind: Terminated}
	case strings.Contains(text, "timeout"):
		return &Error{Kind: TimedOut}
	case strings.Contains(text, "exceeds limit"):
		return &Error{LimitReached, text}
	default:
		return &Error{Other, text}
	}
}
