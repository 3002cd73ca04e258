// Package cofferdamtest runs a module natively, with a stand-in for the host, and records what the module did.
//
//	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: map[string]any{"limit": 3}})
//	if recorded.Failure != nil || len(recorded.Results) != 3 { … }
//
// Nothing sleeps: the record adds up what the module asked for. One attempt runs at a time, also in parallel tests.
package cofferdamtest

import (
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"sync"
	"testing"

	"cofferdam/internal/host"
	"cofferdam/internal/servers"
)

// Attempt says how a job starts and what its host allows. The zero value is a first attempt without limits.
type Attempt struct {
	// Inputs, Settings and Checkpoint are any values that marshal to JSON objects, json.RawMessage among them. Nil
	// inputs and settings are empty objects, a nil checkpoint is none.
	Inputs, Settings, Checkpoint any
	// JobID is "test-job" unless given.
	JobID string
	// Number is 1 unless given.
	Number uint32
	// CancelAfter asks the job to stop once it has looked at Cancelled or at ctx.Err this many times; 0 never does.
	CancelAfter int
	// MaxBytes is the most that a result or a checkpoint may have; 0 is no limit.
	MaxBytes int
	// MaxResults is how many results the host takes; 0 is no limit.
	MaxResults int
	// HTTP answers the requests of package cofferdamhttp; without it each is denied, as without a grant. What a handler
	// has written is the Result of a httptest.ResponseRecorder.
	HTTP func(*http.Request) (*http.Response, error)
}

// Line is one line of the job's log.
type Line struct {
	// Level is trace, debug, info, warn, error or critical.
	Level   string
	Message string
}

// Progress is what the module reported last or before. Total is nil when it gave none.
type Progress struct {
	Done  uint64
	Total *uint64
}

// Failure is why an attempt did not succeed.
type Failure struct {
	Message   string
	Retryable bool
}

// Recorded is what a module did in one attempt.
type Recorded struct {
	// Failure is nil when the attempt succeeded.
	Failure *Failure
	Log     []Line
	// Results and Checkpoints are in the order in which they were saved.
	Results, Checkpoints []map[string]any
	// FinalResults is how many of the results the last checkpoint made final: the first ones of Results.
	FinalResults int
	Progress     []Progress
	// SleptMS is the sum of all sleeps.
	SleptMS uint64
}

// ModuleInfo is what a module says about itself.
type ModuleInfo = host.ModuleInfo

// Module is any [cofferdam.Module].
type Module interface{ Guest() host.Guest }

var running sync.Mutex

// Describe gives what the host learns when the module is added. It fails the test when the module's name, version, inputs
// or settings are not ones that a module may have.
func Describe(t testing.TB, module Module) ModuleInfo {
	t.Helper()
	defer func() {
		if panicked := recover(); panicked != nil {
			t.Fatal(panicked)
		}
	}()
	return module.Guest().Describe()
}

// Run runs one attempt to its end.
func Run(t testing.TB, module Module, attempt Attempt) *Recorded {
	t.Helper()
	job := host.Job{ID: attempt.JobID, Attempt: max(attempt.Number, 1), Inputs: object(t, attempt.Inputs), Settings: object(t, attempt.Settings)}
	if job.ID == "" {
		job.ID = "test-job"
	}
	if attempt.Checkpoint != nil {
		text := object(t, attempt.Checkpoint)
		job.Checkpoint = &text
	}
	running.Lock()
	defer running.Unlock()
	defer restoreLogging(slog.Default(), log.Default().Flags())()
	stand := &standIn{attempt: attempt, jobID: job.ID}
	host.Current, servers.Current = stand, attempt.HTTP
	defer func() { host.Current, servers.Current = nil, nil }()
	if failure := module.Guest().Run(job); failure != nil {
		stand.recorded.Failure = &Failure{failure.Message, failure.Retryable}
	}
	return stand.end()
}

// restoreLogging gives back what slog.SetDefault changes, the log package's settings included.
func restoreLogging(logger *slog.Logger, flags int) func() {
	writer := log.Writer()
	return func() {
		slog.SetDefault(logger)
		log.SetOutput(writer)
		log.SetFlags(flags)
	}
}

func object(t testing.TB, value any) string {
	t.Helper()
	if value == nil {
		return "{}"
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(fmt.Errorf("the attempt's values must be JSON: %w", err))
	}
	return string(text)
}
