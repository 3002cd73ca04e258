package cofferdam

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"cofferdam/internal/host"
	"cofferdam/internal/schema"
)

// Job is one attempt at one job: who it is, what it is given, and what it can ask of its host.
type Job[Inputs, Settings any] struct {
	// ID is the one that the host's API shows. It stays the same over all attempts.
	ID string
	// Attempt is 1 for the first run, one more each time the job starts again.
	Attempt  uint32
	Inputs   Inputs
	Settings Settings

	checkpoint *string
}

// Checkpoint reads the checkpoint to go on from into `state`, a pointer, and says whether there is one. Without one
// `state` stays as it is. The error names the field that does not fit, as after an incompatible change of the module.
func (job *Job[Inputs, Settings]) Checkpoint(state any) (found bool, err error) {
	if job.checkpoint == nil {
		return false, nil
	}
	return true, schema.Read("checkpoint", *job.checkpoint, state, schema.Tolerant)
}

// SaveCheckpoint saves the state to go on from, together with every result saved before it. It returns once both would
// survive a crash of the host, so save no oftener than work is worth repeating: a few times a second at most.
//
// The state must marshal to a JSON object. The error is an [InvalidJSONError], a [TooLargeError] or a [LimitReachedError].
func (job *Job[Inputs, Settings]) SaveCheckpoint(state any) error {
	return save(state, host.Current.SaveCheckpoint)
}

// SaveResult saves one result, visible at once. It stays provisional until the next checkpoint or the end of the job, and
// a job that starts again is expected to produce the results after its last checkpoint once more.
//
// The result must marshal to a JSON object. The error is an [InvalidJSONError], a [TooLargeError] or a
// [LimitReachedError].
func (job *Job[Inputs, Settings]) SaveResult(result any) error {
	return save(result, host.Current.SaveResult)
}

// ReportProgress says how far the job is, in a unit of the module's choice. Cheap: only the newest value is kept.
func (job *Job[Inputs, Settings]) ReportProgress(done, total uint64) {
	host.Current.ReportProgress(done, &total)
}

// ReportProgressWithoutTotal is ReportProgress where nobody knows how much there is.
func (job *Job[Inputs, Settings]) ReportProgressWithoutTotal(done uint64) {
	host.Current.ReportProgress(done, nil)
}

// Cancelled says whether the job was asked to stop: by a person, by its duration limit, or because the host shuts down.
// Cheap enough for every turn of a loop. A module that sees true saves a checkpoint and returns nil.
func (job *Job[Inputs, Settings]) Cancelled() bool {
	return host.Current.IsCancelled()
}

// Sleep waits this long, in whole milliseconds rounded up, or until the job is asked to stop. Unlike time.Sleep it ends
// at once then. While it waits, no other goroutine runs.
func (job *Job[Inputs, Settings]) Sleep(duration time.Duration) {
	if duration > 0 {
		host.Current.Sleep(uint64(math.Ceil(float64(duration) / float64(time.Millisecond))))
	}
}

func save(value any, by func(string) *host.SaveError) error {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	// The text goes into no web page: <, > and & stay as short as they are.
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return &InvalidJSONError{Reason: err.Error()}
	}
	if refused := by(strings.TrimSuffix(text.String(), "\n")); refused != nil {
		return saveErrorOf(refused)
	}
	return nil
}
