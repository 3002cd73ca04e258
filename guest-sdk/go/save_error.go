package cofferdam

import (
	"fmt"

	"cofferdam/internal/host"
)

// InvalidJSONError says that a value was not saved because it does not become a JSON object.
type InvalidJSONError struct {
	// Reason says where the text goes wrong.
	Reason string
}

func (e *InvalidJSONError) Error() string {
	return "not saved, because the value is not a JSON object: " + e.Reason
}

// TooLargeError says that a value was not saved because its JSON text is larger than the host allows.
type TooLargeError struct {
	// LimitBytes is the most that the host takes.
	LimitBytes uint64
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("not saved, because the JSON text is larger than %d bytes", e.LimitBytes)
}

// LimitReachedError says that a value was not saved because a limit of the job is used up.
type LimitReachedError struct {
	// Limit says which.
	Limit string
}

func (e *LimitReachedError) Error() string {
	return "not saved, because a limit of the job is used up: " + e.Limit
}

func saveErrorOf(refused *host.SaveError) error {
	switch refused.Refusal {
	case host.InvalidJSON:
		return &InvalidJSONError{Reason: refused.Text}
	case host.TooLarge:
		return &TooLargeError{LimitBytes: refused.Limit}
	case host.LimitReached:
		return &LimitReachedError{Limit: refused.Text}
	default:
		return fmt.Errorf("not saved, for a reason that this SDK does not know: %d %s", refused.Refusal, refused.Text)
	}
}
