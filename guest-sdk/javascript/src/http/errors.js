// Why a request has no answer.

export class HttpError extends Error {
  /**
   * @param {import("../http.js").HttpError["kind"]} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.name = "HttpError";
    this.kind = kind;
  }
}

export const denied = () =>
  new HttpError("denied", "the module is not granted this request; the job's log says which host it lacks");

/**
 * The host's error code as an exception.
 * @param {{ tag: string, val?: unknown }} code
 */
export function fromHost({ tag, val }) {
  const words = val === undefined || val === null ? tag : `${tag}: ${JSON.stringify(val)}`;
  switch (tag) {
    case "HTTP-request-denied":
      return denied();
    case "destination-IP-prohibited":
      return new HttpError("address-not-allowed", "the module is not granted the address of this host");
    case "connection-limit-reached":
      return new HttpError("limit-reached", "a limit of the job is used up: HTTP requests");
    case "HTTP-request-body-size":
    case "HTTP-response-body-size":
      return new HttpError("limit-reached", "a limit of the job is used up: bytes of HTTP bodies");
    case "connection-timeout":
    case "connection-read-timeout":
    case "connection-write-timeout":
    case "HTTP-response-timeout":
    case "DNS-timeout":
      return new HttpError("timeout", "the server took too long");
    case "connection-terminated":
      return new HttpError("terminated", "the request was ended");
    case "HTTP-request-URI-invalid":
    case "HTTP-request-URI-too-long":
    case "HTTP-request-method-invalid":
      return new HttpError("invalid", `the request cannot be sent: ${words}`);
    case "DNS-error":
    case "destination-not-found":
    case "destination-unavailable":
    case "destination-IP-unroutable":
    case "connection-refused":
    case "TLS-protocol-error":
    case "TLS-certificate-error":
    case "TLS-alert-received":
      return new HttpError("connection", `the server was not reached: ${words}`);
    default:
      return new HttpError("other", `the exchange failed: ${words}`);
  }
}

/**
 * A body's error, which often comes as a text alone.
 * @param {string} text
 */
export function fromText(text) {
  if (text.includes("terminated")) return fromHost({ tag: "connection-terminated" });
  if (text.includes("timeout")) return fromHost({ tag: "connection-read-timeout" });
  if (text.includes("exceeds limit")) return new HttpError("limit-reached", `a limit of the job is used up: ${text}`);
  return new HttpError("other", `the exchange failed: ${text}`);
}
