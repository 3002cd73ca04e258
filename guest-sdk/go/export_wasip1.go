package cofferdam

import (
	runner "cofferdam/bindings/exports/export_cofferdam_module_runner"
	_ "cofferdam/bindings/exports/wit_exports" // the component's exports themselves
	jobcontext "cofferdam/bindings/imports/cofferdam_module_job_context"
	types "cofferdam/bindings/imports/cofferdam_module_types"
	witTypes "cofferdam/bindings/wit/types"
	"cofferdam/internal/host"
)

var exported bool

func export(guest host.Guest) {
	if exported {
		panic("cofferdam.Export was called twice: a component offers one module")
	}
	exported = true
	host.Current = component{}
	runner.Describe = func() types.ModuleInfo { return types.ModuleInfo(guest.Describe()) }
	runner.Run = func(raw types.Job) witTypes.Result[witTypes.Unit, types.Failure] {
		failure := guest.Run(jobOf(raw))
		switch {
		case failure == nil:
			return witTypes.Ok[witTypes.Unit, types.Failure](witTypes.Unit{})
		case failure.Retryable:
			return witTypes.Err[witTypes.Unit](types.MakeFailureRetryable(failure.Message))
		default:
			return witTypes.Err[witTypes.Unit](types.MakeFailurePermanent(failure.Message))
		}
	}
}

func jobOf(raw types.Job) host.Job {
	job := host.Job{ID: raw.Id, Attempt: raw.Attempt, Inputs: raw.Inputs, Settings: raw.Settings}
	if raw.Checkpoint.IsSome() {
		checkpoint := raw.Checkpoint.Some()
		job.Checkpoint = &checkpoint
	}
	return job
}

// component is the real host, seen through the component's imports.
type component struct{}

func (component) JobID() string     { return jobcontext.JobId() }
func (component) IsCancelled() bool { return jobcontext.IsCancelled() }

func (component) Log(message string, level host.Level) {
	jobcontext.Log(message, types.LogLevel(level))
}

func (component) SaveResult(data string) *host.SaveError {
	return refusalOf(jobcontext.SaveResult(data))
}

func (component) SaveCheckpoint(checkpoint string) *host.SaveError {
	return refusalOf(jobcontext.SaveCheckpoint(checkpoint))
}

func (component) ReportProgress(done uint64, total *uint64) {
	if total == nil {
		jobcontext.ReportProgress(done, witTypes.None[uint64]())
		return
	}
	jobcontext.ReportProgress(done, witTypes.Some(*total))
}

func (component) Sleep(milliseconds uint64) { jobcontext.Sleep(milliseconds) }

func refusalOf(outcome witTypes.Result[witTypes.Unit, types.SaveError]) *host.SaveError {
	if outcome.IsOk() {
		return nil
	}
	switch refused := outcome.Err(); refused.Tag() {
	case types.SaveError_InvalidJson:
		return &host.SaveError{Refusal: host.InvalidJSON, Text: refused.InvalidJson()}
	case types.SaveError_TooLarge:
		return &host.SaveError{Refusal: host.TooLarge, Limit: refused.TooLarge()}
	default:
		return &host.SaveError{Refusal: host.LimitReached, Text: refused.LimitReached()}
	}
}
