// The module jsonl-aggregate: groups JSON lines and aggregates their numbers, in one pass and memory for the groups only.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"cofferdam"
)

// Inputs is what is aggregated, and by what.
type Inputs struct {
	JSONL   string   `json:"jsonl" doc:"The lines, each a JSON object. Empty lines are passed over."`
	GroupBy []string `json:"group_by" doc:"The fields whose values make a group. None: everything is one group."`
	Values  []string `json:"values" doc:"The fields whose numbers are aggregated."`
}

// Settings is how.
type Settings struct {
	CheckpointEvery int `json:"checkpoint_every" default:"5000" minimum:"1" doc:"Lines from one checkpoint to the next."`
}

// Job is one attempt at one job.
type Job = cofferdam.Job[Inputs, Settings]

// State is the checkpoint: the place in the text, and the groups so far.
type State struct {
	Bytes  int      `json:"bytes"`
	Lines  int      `json:"lines"`
	Groups []*Group `json:"groups"`
}

var module = cofferdam.Export(cofferdam.Module[Inputs, Settings]{
	Name:        "jsonl-aggregate",
	Version:     "0.1.0",
	Description: "Groups JSON lines by some fields and aggregates the numbers of others.",
	Run:         run,
})

func main() {}

func run(ctx context.Context, job *Job) error {
	var state State
	if _, err := job.Checkpoint(&state); err != nil {
		return err
	}
	groups := newGroups(job.Inputs, state.Groups)
	for state.Bytes < len(job.Inputs.JSONL) {
		if ctx.Err() != nil {
			return save(job, &state, groups)
		}
		line, _, _ := strings.Cut(job.Inputs.JSONL[state.Bytes:], "\n")
		state.Bytes = min(state.Bytes+len(line)+1, len(job.Inputs.JSONL))
		state.Lines++
		if err := groups.add(line); err != nil {
			slog.Warn(fmt.Sprintf("line %d is passed over, since it is no JSON object: %v", state.Lines, err))
		}
		if state.Lines%job.Settings.CheckpointEvery == 0 {
			if err := save(job, &state, groups); err != nil {
				return err
			}
		}
	}
	for _, group := range groups.inOrder() {
		if err := job.SaveResult(group); err != nil {
			return err
		}
	}
	slog.Info("aggregated", "lines", state.Lines, "groups", len(groups.byKey))
	return nil
}

func save(job *Job, state *State, groups *groups) error {
	job.ReportProgress(uint64(state.Bytes), uint64(len(job.Inputs.JSONL)))
	state.Groups = groups.inOrder()
	return job.SaveCheckpoint(state)
}
