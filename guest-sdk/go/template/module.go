// The module {{name}}: counts the words of texts.
package main

import (
	"context"
	"log/slog"
	"strings"
	"unicode/utf8"

	"cofferdam"
)

// Inputs is what a job is about. The host checks it before it accepts a job.
type Inputs struct {
	Texts []string `json:"texts" doc:"The texts whose words are counted."`
}

// Settings is how a job does it.
type Settings struct {
	MinLetters int `json:"min_letters" default:"1" minimum:"1" doc:"Shorter words do not count."`
}

// Job is one attempt at one job of this module.
type Job = cofferdam.Job[Inputs, Settings]

// state is what the module needs to know to go on where it was.
type state struct {
	Texts int `json:"texts"`
	Words int `json:"words"`
}

var module = cofferdam.Export(cofferdam.Module[Inputs, Settings]{
	Name:        "{{name}}",
	Version:     "0.1.0",
	Description: "Counts the words of texts.",
	Run:         run,
})

// A component has no main, but Go asks for one.
func main() {}

func run(ctx context.Context, job *Job) error {
	var done state
	resumes, err := job.Checkpoint(&done)
	if err != nil {
		return err
	}
	if resumes {
		slog.Info("going on", "after", done.Texts)
	}
	for done.Texts < len(job.Inputs.Texts) && ctx.Err() == nil {
		words := count(job.Inputs.Texts[done.Texts], job.Settings.MinLetters)
		done.Texts++
		done.Words += words
		if err := job.SaveResult(map[string]int{"text": done.Texts, "words": words}); err != nil {
			return err
		}
		// The checkpoint makes the results before it final. Where one step is short, save only every few hundred.
		if err := job.SaveCheckpoint(done); err != nil {
			return err
		}
		job.ReportProgress(uint64(done.Texts), uint64(len(job.Inputs.Texts)))
	}
	if ctx.Err() != nil {
		return nil // asked to stop: the job goes on from its checkpoint when it is resumed
	}
	slog.Info("counted", "texts", done.Texts, "words", done.Words)
	return job.SaveResult(map[string]int{"total": done.Words})
}

func count(text string, minLetters int) int {
	words := 0
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(word) >= minLetters {
			words++
		}
	}
	return words
}
