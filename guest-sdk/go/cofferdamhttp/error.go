package cofferdamhttp

import "io/fs"

// Kind says what went wrong with a request.
type Kind uint8

const (
	// Other: the answer is not what HTTP allows, or something else went wrong.
	Other Kind = iota
	// Denied: the module was not granted this scheme, host, port and method; the job's log says which.
	Denied
	// AddressNotAllowed: the host has only addresses that the module was not granted, such as private ones.
	AddressNotAllowed
	// LimitReached: the job has sent as many requests or bytes as it may.
	LimitReached
	// Invalid: the request cannot be sent as it is.
	Invalid
	// Connection: the server was not reached, or the connection broke.
	Connection
	// TimedOut: it took too long.
	TimedOut
	// Terminated: the request was ended because the job is to stop, or the other end went away.
	Terminated
)

func (kind Kind) message() string {
	switch kind {
	case Denied:
		return "the module is not granted this request; the job's log says which host it lacks"
	case AddressNotAllowed:
		return "the module is not granted the address of this host"
	case LimitReached:
		return "a limit of the job is used up"
	case Invalid:
		return "the request cannot be sent"
	case Connection:
		return "the server was not reached"
	case TimedOut:
		return "the server took too long"
	case Terminated:
		return "the request was ended"
	default:
		return "the exchange failed"
	}
}

// Error is why a request has no answer, or only part of one. What may pass by itself is worth [cofferdam.Retryable].
// net/http wraps it: errors.As finds it.
type Error struct {
	Kind Kind
	// Reason says more, where there is more to say.
	Reason string
}

func (e *Error) Error() string {
	if e.Reason == "" {
		return e.Kind.message()
	}
	return e.Kind.message() + ": " + e.Reason
}

// Timeout says whether it took too long, as it does of errors of package net.
func (e *Error) Timeout() bool { return e.Kind == TimedOut }

// Is makes what was not granted a [fs.ErrPermission].
func (e *Error) Is(target error) bool {
	return target == fs.ErrPermission && (e.Kind == Denied || e.Kind == AddressNotAllowed)
}

func invalid(reason string) error { return &Error{Invalid, reason} }
