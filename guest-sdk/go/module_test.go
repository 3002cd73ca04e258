package cofferdam_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"cofferdam"
	"cofferdam/cofferdamtest"
)

type inputs struct {
	Limit int    `json:"limit" doc:"How far to count."`
	Note  string `json:"note" default:"none"`
}

type job = cofferdam.Job[inputs, cofferdam.None]

// moduleThat is a module with this function.
func moduleThat(run func(ctx context.Context, job *job) error) cofferdam.Module[inputs, cofferdam.None] {
	return cofferdam.Export(cofferdam.Module[inputs, cofferdam.None]{
		Name: "test", Version: "1.2.3", Description: "Tests.", Run: run,
	})
}

// three is what a first attempt gets when its inputs do not matter.
var three = cofferdamtest.Attempt{Inputs: map[string]any{"limit": 3}}

func TestTheDescriptionHoldsTheTypesSchemas(t *testing.T) {
	info := cofferdamtest.Describe(t, moduleThat(nil))
	if info.Name != "test" || info.Version != "1.2.3" || info.Description != "Tests." {
		t.Errorf("%+v", info)
	}
	expected := `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{` +
		`"limit":{"description":"How far to count.","type":"integer"},"note":{"type":"string","default":"none"}},` +
		`"required":["limit"],"additionalProperties":false}`
	if info.InputsSchema != expected {
		t.Error(info.InputsSchema)
	}
	expected = `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false}`
	if info.SettingsSchema != expected {
		t.Error(info.SettingsSchema)
	}
}

func TestWrongNamesAndVersionsAreRefused(t *testing.T) {
	for _, name := range []string{"", "-a", "a-", "a--b", "A", "a_b", "ä", strings.Repeat("a", 65)} {
		panics(t, cofferdam.Module[inputs, inputs]{Name: name, Version: "1.0.0"}, "the module's name")
	}
	for _, version := range []string{"", "1", "1.0", "1.0.", "1.0.0.0", "v1.0.0"} {
		panics(t, cofferdam.Module[inputs, inputs]{Name: "a", Version: version}, "the module's version")
	}
	for _, version := range []string{"0.1.0", "10.20.30", "1.0.0-beta.1+x"} {
		cofferdamtest.Describe(t, cofferdam.Module[inputs, inputs]{Name: "csv2-a", Version: version})
	}
	panics(t, cofferdam.Module[int, inputs]{Name: "a", Version: "1.0.0"}, "the module's Inputs are of type int; they must be a struct")
}

func panics(t *testing.T, module cofferdamtest.Module, with string) {
	t.Helper()
	defer func() {
		t.Helper()
		if message := fmt.Sprint(recover()); !strings.Contains(message, with) {
			t.Errorf("expected a panic with %q, got %s", with, message)
		}
	}()
	module.Guest().Describe()
}

func TestTheFunctionGetsWhatTheHostGave(t *testing.T) {
	module := moduleThat(func(_ context.Context, job *job) error {
		var state struct{ N int }
		found, err := job.Checkpoint(&state)
		return job.SaveResult(map[string]any{
			"id": job.ID, "attempt": job.Attempt, "limit": job.Inputs.Limit, "note": job.Inputs.Note,
			"found": found, "n": state.N, "err": err,
		})
	})
	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{
		Inputs: json.RawMessage(`{"limit": 4}`), Checkpoint: map[string]any{"N": 5}, Number: 2, JobID: "job-7",
	})
	expected := map[string]any{
		"id": "job-7", "attempt": 2.0, "limit": 4.0, "note": "none", "found": true, "n": 5.0, "err": nil,
	}
	if recorded.Failure != nil || !reflect.DeepEqual(recorded.Results, []map[string]any{expected}) {
		t.Errorf("%+v", recorded)
	}
}

func TestWhatDoesNotFitNeverReachesTheFunction(t *testing.T) {
	module := moduleThat(func(context.Context, *job) error {
		t.Error("the values do not fit")
		return nil
	})
	for _, misfit := range []struct {
		attempt cofferdamtest.Attempt
		message string
	}{
		{cofferdamtest.Attempt{Inputs: map[string]any{"limit": "x"}}, `inputs.limit does not fit: expected an integer, found "x"`},
		{cofferdamtest.Attempt{}, "inputs.limit is missing: expected an integer"},
		{cofferdamtest.Attempt{Inputs: map[string]any{"limit": 1}, Settings: map[string]any{"fast": true}},
			"settings.fast does not fit: there is no such field; expected no fields at all"},
	} {
		fails(t, cofferdamtest.Run(t, module, misfit.attempt), misfit.message, false)
	}
}

func TestACheckpointThatDoesNotFitSaysWhere(t *testing.T) {
	module := moduleThat(func(_ context.Context, job *job) error {
		_, err := job.Checkpoint(&struct {
			N int `json:"n"`
		}{})
		return err
	})
	attempt := cofferdamtest.Attempt{Inputs: three.Inputs, Checkpoint: map[string]any{"n": "many"}}
	fails(t, cofferdamtest.Run(t, module, attempt), `checkpoint.n does not fit: expected an integer, found "many"`, false)
}

func TestErrorsArePermanentUnlessMarked(t *testing.T) {
	broken := errors.New("broken")
	for _, failing := range []struct {
		err       error
		message   string
		retryable bool
	}{
		{broken, "broken", false},
		{cofferdam.Retryable(broken), "broken", true},
		{fmt.Errorf("fetching: %w", cofferdam.Retryable(broken)), "fetching: broken", true},
		{cofferdam.Permanent(cofferdam.Retryable(broken)), "broken", false},
		{context.Canceled, "context canceled", false},
	} {
		module := moduleThat(func(context.Context, *job) error { return failing.err })
		fails(t, cofferdamtest.Run(t, module, three), failing.message, failing.retryable)
	}
	if cofferdam.Retryable(nil) != nil || cofferdam.Permanent(nil) != nil {
		t.Error("no error became one")
	}
}

func TestAPanicIsAPermanentFailureWithItsStackInTheLog(t *testing.T) {
	recorded := cofferdamtest.Run(t, moduleThat(func(context.Context, *job) error { deep(nil); return nil }), three)
	fails(t, recorded, "assignment to entry in nil map", false)
	line := recorded.Log[len(recorded.Log)-1]
	if line.Level != "error" || !strings.HasPrefix(line.Message, "panic: assignment to entry in nil map\n") ||
		!strings.Contains(line.Message, "cofferdam_test.deep(") || strings.Contains(line.Message, "debug.Stack") {
		t.Errorf("%+v", line)
	}
}

func deep(nothing map[string]int) { nothing["a"] = 1 }

func TestSlogAndLogReachTheJobsLog(t *testing.T) {
	module := moduleThat(func(ctx context.Context, job *job) error {
		slog.Log(ctx, cofferdam.LevelTrace, "a")
		slog.Debug("b")
		slog.Info("c", "count", 3, "of", "two words")
		slog.With("who", "me").WithGroup("at").Warn("d", "line", 7, "time", "noon")
		slog.Error("e")
		slog.Log(ctx, cofferdam.LevelCritical, "f")
		log.Print("g")
		return nil
	})
	expected := []cofferdamtest.Line{
		{Level: "trace", Message: "a"}, {Level: "debug", Message: "b"}, {Level: "info", Message: `c count=3 of="two words"`},
		{Level: "warn", Message: "d who=me at.line=7 at.time=noon"}, {Level: "error", Message: "e"}, {Level: "critical", Message: "f"},
		{Level: "info", Message: "g"},
	}
	if recorded := cofferdamtest.Run(t, module, three); !reflect.DeepEqual(recorded.Log, expected) {
		t.Errorf("%+v", recorded.Log)
	}
	log.Print("this goes to the test's output again")
}

func TestRefusalsAreTypedErrors(t *testing.T) {
	module := moduleThat(func(_ context.Context, job *job) error {
		var invalid *cofferdam.InvalidJSONError
		for _, value := range []any{[]int{1}, nil, func() {}, 7} {
			if err := job.SaveCheckpoint(value); !errors.As(err, &invalid) {
				t.Errorf("%v is no object, but the answer is %v", value, err)
			}
		}
		var tooLarge *cofferdam.TooLargeError
		err := job.SaveResult(map[string]string{"text": strings.Repeat("x", 100)})
		if !errors.As(err, &tooLarge) || tooLarge.LimitBytes != 50 {
			t.Error(err)
		}
		var reached *cofferdam.LimitReachedError
		if err := errors.Join(job.SaveResult(struct{}{}), job.SaveResult(struct{}{})); !errors.As(err, &reached) {
			t.Error(err)
		}
		return job.SaveResult(struct{}{})
	})
	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: three.Inputs, MaxBytes: 50, MaxResults: 1})
	fails(t, recorded, "not saved, because a limit of the job is used up: 1 results", false)
}

func TestAStopCancelsTheContext(t *testing.T) {
	module := moduleThat(func(ctx context.Context, job *job) error {
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			t.Error("nobody cancelled the context")
		}
		if !job.Cancelled() {
			t.Error("the job was not cancelled")
		}
		return fmt.Errorf("waiting: %w", ctx.Err())
	})
	attempt := cofferdamtest.Attempt{Inputs: three.Inputs, CancelAfter: 2}
	if recorded := cofferdamtest.Run(t, module, attempt); recorded.Failure != nil {
		t.Errorf("stopping is no failure: %+v", recorded.Failure)
	}
}

func TestProgressSleepAndFinalResultsAreRecorded(t *testing.T) {
	module := moduleThat(func(_ context.Context, job *job) error {
		job.ReportProgress(1, 3)
		job.ReportProgressWithoutTotal(2)
		job.Sleep(1500 * time.Microsecond)
		job.Sleep(-time.Second)
		return errors.Join(job.SaveResult(struct{}{}), job.SaveCheckpoint(struct{}{}), job.SaveResult(struct{}{}))
	})
	recorded := cofferdamtest.Run(t, module, three)
	if recorded.Failure != nil || recorded.SleptMS != 2 || recorded.FinalResults != 1 || len(recorded.Results) != 2 {
		t.Errorf("%+v", recorded)
	}
	if *recorded.Progress[0].Total != 3 || recorded.Progress[1].Done != 2 || recorded.Progress[1].Total != nil {
		t.Errorf("%+v", recorded.Progress)
	}
}

func fails(t *testing.T, recorded *cofferdamtest.Recorded, message string, retryable bool) {
	t.Helper()
	if recorded.Failure == nil || recorded.Failure.Message != message || recorded.Failure.Retryable != retryable {
		t.Errorf("expected the failure %q, retryable %v, got %+v", message, retryable, recorded.Failure)
	}
}
