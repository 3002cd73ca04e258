package main

import (
	jobcontext "cofferdam/bindings/imports/cofferdam_module_job_context"
	types "cofferdam/bindings/imports/cofferdam_module_types"
)

func hostJobID() string { return jobcontext.JobId() }

func isInvalidResult(text string) bool {
	outcome := jobcontext.SaveResult(text)
	return outcome.IsErr() && outcome.Err().Tag() == types.SaveError_InvalidJson
}

func isInvalidCheckpoint(text string) bool {
	outcome := jobcontext.SaveCheckpoint(text)
	return outcome.IsErr() && outcome.Err().Tag() == types.SaveError_InvalidJson
}
