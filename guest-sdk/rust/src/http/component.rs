//! Requests through `wasi:http`.

use http::{Method, Request, Response};
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{
    self as wasi, ErrorCode, Fields, IncomingResponse, OutgoingBody, OutgoingRequest, RequestOptions, Scheme,
    http_error_code,
};
use wasip2::io::streams::StreamError;

use super::{HttpError, Timeout};

/// What is read or written at once.
const PART_BYTES: usize = 4096;

/// Sends a request and reads the whole answer.
pub(super) fn exchange(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
    let (parts, body) = request.into_parts();
    let headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
    let headers = Fields::from_list(&headers).map_err(|error| HttpError::Invalid(format!("its headers: {error:?}")))?;
    let outgoing = OutgoingRequest::new(headers);
    let invalid = |what: &'static str| move |()| HttpError::Invalid(what.to_owned());
    outgoing.set_method(&method(&parts.method)).map_err(invalid("its method"))?;
    let scheme = if parts.uri.scheme_str() == Some("http") { Scheme::Http } else { Scheme::Https };
    outgoing.set_scheme(Some(&scheme)).map_err(invalid("its scheme"))?;
    outgoing.set_authority(parts.uri.authority().map(http::uri::Authority::as_str)).map_err(invalid("its host"))?;
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    outgoing.set_path_with_query(Some(path)).map_err(invalid("its path"))?;
    let outgoing_body = outgoing.body().map_err(invalid("its body"))?;
    let options = parts.extensions.get::<Timeout>().map(options);
    let answer = handle(outgoing, options).map_err(error)?;
    let written = write(outgoing_body, &body);
    answer.subscribe().block();
    let response = answer.get().expect("it is ready").expect("it is asked for once").map_err(error)?;
    // A server may answer before it has read everything.
    let _ = written;
    read(&response)
}

fn method(method: &Method) -> wasi::Method {
    match method.as_str() {
        "GET" => wasi::Method::Get,
        "HEAD" => wasi::Method::Head,
        "POST" => wasi::Method::Post,
        "PUT" => wasi::Method::Put,
        "DELETE" => wasi::Method::Delete,
        "OPTIONS" => wasi::Method::Options,
        "PATCH" => wasi::Method::Patch,
        other => wasi::Method::Other(other.to_owned()),
    }
}

fn options(Timeout(time): &Timeout) -> RequestOptions {
    let (options, time) = (RequestOptions::new(), u64::try_from(time.as_nanos()).ok());
    // A host that does not know one of them has its own.
    let _ = (options.set_connect_timeout(time), options.set_first_byte_timeout(time));
    let _ = options.set_between_bytes_timeout(time);
    options
}

fn write(body: OutgoingBody, bytes: &[u8]) -> Result<(), StreamError> {
    if !bytes.is_empty()
        && let Ok(stream) = body.write()
    {
        for part in bytes.chunks(PART_BYTES) {
            stream.blocking_write_and_flush(part)?;
        }
    }
    // What is wrong with it is said by the answer.
    let _ = OutgoingBody::finish(body, None);
    Ok(())
}

fn read(response: &IncomingResponse) -> Result<Response<Vec<u8>>, HttpError> {
    let lost = |()| HttpError::Other("the answer has no body".to_owned());
    let mut head = Response::builder().status(response.status());
    for (name, value) in response.headers().entries() {
        head = head.header(name, value);
    }
    let body = response.consume().map_err(lost)?;
    let stream = body.stream().map_err(lost)?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(part) => bytes.extend(part),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(failed)) => {
                let code = http_error_code(&failed);
                return Err(code.map_or_else(|| of_text(failed.to_debug_string()), error));
            }
        }
    }
    head.body(bytes).map_err(|error| HttpError::Other(error.to_string()))
}

/// A body's error often comes as a text alone.
fn of_text(text: String) -> HttpError {
    if text.contains("terminated") {
        HttpError::Terminated
    } else if text.contains("timeout") {
        HttpError::Timeout
    } else if text.contains("exceeds limit") {
        HttpError::LimitReached(text)
    } else {
        HttpError::Other(text)
    }
}

fn error(code: ErrorCode) -> HttpError {
    match code {
        ErrorCode::HttpRequestDenied => HttpError::Denied,
        ErrorCode::DestinationIpProhibited => HttpError::AddressNotAllowed,
        ErrorCode::ConnectionLimitReached => HttpError::LimitReached("HTTP requests".to_owned()),
        ErrorCode::HttpRequestBodySize(_) | ErrorCode::HttpResponseBodySize(_) => {
            HttpError::LimitReached("bytes of HTTP bodies".to_owned())
        }
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout
        | ErrorCode::DnsTimeout => HttpError::Timeout,
        ErrorCode::ConnectionTerminated => HttpError::Terminated,
        ErrorCode::HttpRequestUriInvalid | ErrorCode::HttpRequestUriTooLong | ErrorCode::HttpRequestMethodInvalid => {
            HttpError::Invalid(format!("{code:?}"))
        }
        ErrorCode::DnsError(_)
        | ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::TlsAlertReceived(_) => HttpError::Connection(format!("{code:?}")),
        other => HttpError::Other(format!("{other:?}")),
    }
}
