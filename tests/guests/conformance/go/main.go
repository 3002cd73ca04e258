// The conformance module in Go: one behaviour of the contract a run.
package main

import (
	"context"
	"fmt"

	"cofferdam"
)

// Inputs says what to do and how often.
type Inputs struct {
	Behaviour string `json:"behaviour" enum:"log-levels,log-many,log-size,echo,results,big-result,big-checkpoint,full,invalid-json,checkpoints,progress,sleep,wait-for-stop,permanent,retryable,exception,wrong-checkpoint" doc:"What to do."`
	Count     uint64 `json:"count" default:"0" doc:"How often."`
	Size      uint64 `json:"size" default:"0" doc:"How large, or how long in milliseconds."`
	Text      string `json:"text" default:"" doc:"What to say."`
}

// Settings is what the module is set to.
type Settings struct {
	Prefix string `json:"prefix" default:"" doc:"What stands before each text."`
}

type job = cofferdam.Job[Inputs, Settings]

var module = cofferdam.Export(cofferdam.Module[Inputs, Settings]{
	Name:        "conformance-go",
	Version:     "0.1.0",
	Description: "Does what the contract's tests ask of a module, in Go.",
	Run:         run,
})

func main() {}

var behaviours = map[string]func(context.Context, *job) error{
	"log-levels":       logLevels,
	"log-many":         logMany,
	"log-size":         logSize,
	"echo":             echo,
	"results":          results,
	"big-result":       bigResult,
	"big-checkpoint":   bigCheckpoint,
	"full":             full,
	"invalid-json":     invalidJSON,
	"checkpoints":      checkpoints,
	"progress":         progress,
	"sleep":            sleep,
	"wait-for-stop":    waitForStop,
	"permanent":        permanent,
	"retryable":        retryable,
	"exception":        exception,
	"wrong-checkpoint": wrongCheckpoint,
}

func run(ctx context.Context, job *job) error {
	behave, known := behaviours[job.Inputs.Behaviour]
	if !known {
		return fmt.Errorf("there is no behaviour %q", job.Inputs.Behaviour)
	}
	return behave(ctx, job)
}
