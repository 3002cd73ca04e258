package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"cofferdam"
)

func logLevels(ctx context.Context, job *job) error {
	for _, level := range []slog.Level{
		cofferdam.LevelTrace, slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError, cofferdam.LevelCritical,
	} {
		slog.Log(ctx, level, job.Settings.Prefix+job.Inputs.Text)
	}
	return nil
}

func logMany(_ context.Context, job *job) error {
	for line := uint64(1); line <= job.Inputs.Count; line++ {
		slog.Info(fmt.Sprintf("line %d", line))
	}
	return nil
}

func logSize(_ context.Context, job *job) error {
	slog.Info(strings.Repeat("x", int(job.Inputs.Size)))
	return nil
}

type reached struct {
	N uint64 `json:"n"`
}

func checkpoints(ctx context.Context, job *job) error {
	var state reached
	if _, err := job.Checkpoint(&state); err != nil {
		return err
	}
	for state.N < job.Inputs.Count {
		if ctx.Err() != nil {
			return nil
		}
		state.N++
		if err := job.SaveResult(state); err != nil {
			return err
		}
		if err := job.SaveCheckpoint(state); err != nil {
			return err
		}
		job.ReportProgress(state.N, job.Inputs.Count)
		job.Sleep(time.Duration(job.Inputs.Size) * time.Millisecond)
	}
	return nil
}

func wrongCheckpoint(_ context.Context, job *job) error {
	_, err := job.Checkpoint(&reached{})
	return err
}

func progress(_ context.Context, job *job) error {
	for done := uint64(1); done <= job.Inputs.Count; done++ {
		job.ReportProgress(done, job.Inputs.Count)
	}
	job.ReportProgressWithoutTotal(job.Inputs.Count)
	return nil
}

func sleep(_ context.Context, job *job) error {
	job.Sleep(time.Duration(job.Inputs.Size) * time.Millisecond)
	return job.SaveResult(map[string]bool{"cancelled": job.Cancelled()})
}

func waitForStop(ctx context.Context, job *job) error {
	for ctx.Err() == nil {
		job.Sleep(time.Second)
	}
	return job.SaveCheckpoint(map[string]bool{"stopped": true})
}

func permanent(_ context.Context, job *job) error {
	return errors.New(job.Inputs.Text)
}

func retryable(_ context.Context, job *job) error {
	if uint64(job.Attempt) < job.Inputs.Count {
		return cofferdam.Retryable(errors.New(job.Inputs.Text))
	}
	return job.SaveResult(map[string]uint32{"attempt": job.Attempt})
}

func exception(_ context.Context, job *job) error {
	outer(job.Inputs.Text)
	return nil
}

func outer(text string) { deep(text) }

func deep(text string) { panic(errors.New(text)) }
