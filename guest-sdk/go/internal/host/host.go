// Package host is the seam between the SDK and whoever answers it: the real host inside a component, a stand-in in tests.
// It never knows a module's types, only texts and numbers.
package host

import "fmt"

// Level is a log line's severity, with the numbers of the contract's log-level.
type Level uint8

// The levels of the contract, lowest first.
const (
	Trace Level = iota
	Debug
	Info
	Warn
	Error
	Critical
)

func (level Level) String() string {
	names := [...]string{"trace", "debug", "info", "warn", "error", "critical"}
	if int(level) < len(names) {
		return names[level]
	}
	return fmt.Sprintf("level %d", uint8(level))
}

// Refusal says which of the contract's save errors a save met.
type Refusal uint8

// The refusals of the contract, in its order.
const (
	InvalidJSON Refusal = iota
	TooLarge
	LimitReached
)

// SaveError is the contract's save-error: Text for invalid-json and limit-reached, Limit for too-large.
type SaveError struct {
	Refusal Refusal
	Text    string
	Limit   uint64
}

// Host is what a running job can ask for: the contract's interface job-context, function by function.
type Host interface {
	JobID() string
	IsCancelled() bool
	Log(message string, level Level)
	SaveResult(data string) *SaveError
	SaveCheckpoint(checkpoint string) *SaveError
	ReportProgress(done uint64, total *uint64)
	Sleep(milliseconds uint64)
}

// Current is the host that answers. A component sets it before anything runs, a test for the length of a run.
var Current Host

// Job is the contract's record of the same name.
type Job struct {
	ID         string
	Attempt    uint32
	Inputs     string
	Settings   string
	Checkpoint *string
}

// ModuleInfo is the contract's module-info.
type ModuleInfo struct {
	Name           string
	Version        string
	Description    string
	InputsSchema   string
	SettingsSchema string
}

// Failure is the contract's failure.
type Failure struct {
	Message   string
	Retryable bool
}

// Guest is what a module offers: the contract's interface runner.
type Guest interface {
	Describe() ModuleInfo
	Run(job Job) *Failure
}
