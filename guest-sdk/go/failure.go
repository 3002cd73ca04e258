package cofferdam

import "errors"

// failure marks an error as one that running again may mend, or not.
type failure struct {
	cause     error
	retryable bool
}

func (f *failure) Error() string { return f.cause.Error() }
func (f *failure) Unwrap() error { return f.cause }

// Retryable marks an error that running the job again may mend: the host tries again as the job's retry policy says. It
// gives nil for nil. The mark stays when the error is wrapped.
func Retryable(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err, true}
}

// Permanent takes the mark of [Retryable] off again, where the module knows better than the code that it calls.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err, false}
}

// IsRetryable says whether an error that Run returns makes the host try again. Of several marks the outermost counts.
func IsRetryable(err error) bool {
	var marked *failure
	return errors.As(err, &marked) && marked.retryable
}
