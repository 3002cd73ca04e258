package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"cofferdam"
)

func echo(_ context.Context, job *job) error {
	slog.Info(job.Inputs.Text)
	return job.SaveResult(map[string]any{
		"text": job.Inputs.Text, "prefix": job.Settings.Prefix, "count": job.Inputs.Count,
		"attempt": job.Attempt, "job_id": job.ID, "same_id": hostJobID() == job.ID,
	})
}

func results(_ context.Context, job *job) error {
	for n := uint64(1); n <= job.Inputs.Count; n++ {
		if err := job.SaveResult(map[string]uint64{"n": n}); err != nil {
			return err
		}
	}
	return nil
}

func bigResult(_ context.Context, job *job) error {
	err := job.SaveResult(map[string]string{"text": strings.Repeat("x", int(job.Inputs.Size))})
	return orRefused(job, err)
}

func bigCheckpoint(_ context.Context, job *job) error {
	err := job.SaveCheckpoint(map[string]string{"text": strings.Repeat("x", int(job.Inputs.Size))})
	if err == nil {
		return job.SaveResult(map[string]uint64{"saved": job.Inputs.Size})
	}
	return orRefused(job, err)
}

// orRefused saves what the limit was when a value was too large.
func orRefused(job *job, err error) error {
	var tooLarge *cofferdam.TooLargeError
	if !errors.As(err, &tooLarge) {
		return err
	}
	slog.Warn(err.Error())
	return job.SaveResult(map[string]any{"refused": "too-large", "limit": tooLarge.LimitBytes})
}

func full(_ context.Context, job *job) error {
	for range job.Inputs.Count {
		err := job.SaveResult(map[string]string{"text": strings.Repeat("x", int(job.Inputs.Size))})
		var reached *cofferdam.LimitReachedError
		if errors.As(err, &reached) {
			slog.Warn("limit reached: " + reached.Limit)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return errors.New("never refused")
}

func invalidJSON(_ context.Context, job *job) error {
	refused := 0
	for _, text := range []string{"[1]", `{"a":`} {
		for _, save := range []func(string) bool{isInvalidResult, isInvalidCheckpoint} {
			if save(text) {
				refused++
			}
		}
	}
	return job.SaveResult(map[string]int{"refused": refused})
}
