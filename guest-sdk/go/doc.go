// Package cofferdam writes Cofferdam modules in Go.
//
// A module is one function and a few words about it:
//
//	type Inputs struct {
//		Numbers []float64 `json:"numbers" doc:"What to add."`
//	}
//
//	var module = cofferdam.Export(cofferdam.Module[Inputs, cofferdam.None]{
//		Name:        "adder",
//		Version:     "1.0.0",
//		Description: "Adds numbers.",
//		Run: func(ctx context.Context, job *cofferdam.Job[Inputs, cofferdam.None]) error {
//			sum := 0.0
//			for _, number := range job.Inputs.Numbers {
//				sum += number
//			}
//			slog.Info("added", "numbers", len(job.Inputs.Numbers))
//			return job.SaveResult(map[string]float64{"sum": sum})
//		},
//	})
//
//	func main() {}
//
// It is built with GOOS=wasip1 GOARCH=wasm and -buildmode=c-shared, then made a component. On every other target the
// package compiles too; there [cofferdam/cofferdamtest] stands in for the host, so that `go test` alone tests a module.
//
// # Inputs and settings
//
// Both are structs. Their JSON Schemas are derived from the fields' types and tags (see [Module]), the host checks a
// job's values against them, and what still does not fit fails the job with a message that names the field.
//
// # Log
//
// Everything logged with log/slog or log reaches the job's log. [LevelTrace] and [LevelCritical] are the two levels that
// slog has no name for.
//
// # Errors
//
// An error that Run returns fails the job permanently; [Retryable] marks one that running again may mend. A panic fails
// the job permanently with the panic's message, after its stack trace was logged at level error. That holds for the
// goroutine of Run; a panic in a goroutine that the module started ends the attempt at once, as always in Go.
package cofferdam
