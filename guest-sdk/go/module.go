package cofferdam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"strings"

	"cofferdam/internal/host"
	"cofferdam/internal/schema"
)

// None is the type of inputs or settings that a module does not have: only the empty object fits.
type None struct{}

// Module is a module: what it is called, and the function that runs its jobs.
//
// Inputs and Settings are structs. Each exported field becomes a property of the JSON Schema, under the name that
// encoding/json gives it. A field is required unless it has a default, is a pointer, or is tagged omitempty or omitzero.
// Unknown properties are refused. These tags say more:
//
//	doc:"How far to count."   what the field means; on a field named _, what the struct means
//	default:"10"              the value when none is given; as it stands for texts, else JSON
//	enum:"fast,slow"          the values that fit; on a list, the elements that fit
//	minimum:"1" maximum:"9"   bounds of a number, or of a list's numbers
type Module[Inputs, Settings any] struct {
	// Name is lowercase words joined by single hyphens, 1 to 64 characters.
	Name string
	// Version is a semantic version such as 1.4.0.
	Version string
	// Description says in a sentence what the module does.
	Description string
	// Run runs one attempt at one job. ctx is cancelled when the job is asked to stop: then save a checkpoint and
	// return nil, or ctx.Err(), which means the same.
	Run func(ctx context.Context, job *Job[Inputs, Settings]) error
}

// Export makes the module the one that this component offers, and gives it back for tests. Call it once, for a package's
// variable: `var module = cofferdam.Export(…)`. It does nothing but remember the module where there is no host.
func Export[Inputs, Settings any](module Module[Inputs, Settings]) Module[Inputs, Settings] {
	export(guest[Inputs, Settings]{module})
	return module
}

// Guest is for [cofferdam/cofferdamtest] only: the module as the host sees it.
func (module Module[Inputs, Settings]) Guest() host.Guest {
	return guest[Inputs, Settings]{module}
}

// guest is a module seen through the contract: texts in, texts out.
type guest[Inputs, Settings any] struct {
	module Module[Inputs, Settings]
}

// Describe panics when the module's code is wrong: the host shows the text to whoever adds the module.
func (g guest[Inputs, Settings]) Describe() host.ModuleInfo {
	if !isName(g.module.Name) {
		panic(fmt.Sprintf("cofferdam: the module's name %q is not 1 to 64 characters, lowercase words of letters and digits "+
			"joined by single hyphens", g.module.Name))
	}
	if !startsLikeAVersion(g.module.Version) {
		panic(fmt.Sprintf("cofferdam: the module's version %q is not a semantic version such as 1.4.0", g.module.Version))
	}
	return host.ModuleInfo{
		Name:           g.module.Name,
		Version:        g.module.Version,
		Description:    g.module.Description,
		InputsSchema:   schemaOf[Inputs]("Inputs"),
		SettingsSchema: schemaOf[Settings]("Settings"),
	}
}

func isName(name string) bool {
	afterHyphen := true
	for _, letter := range name {
		switch {
		case 'a' <= letter && letter <= 'z', '0' <= letter && letter <= '9':
			afterHyphen = false
		case letter == '-' && !afterHyphen:
			afterHyphen = true
		default:
			return false
		}
	}
	return !afterHyphen && len(name) <= 64
}

// startsLikeAVersion says whether three numbers with two dots stand at the start. The host reads the rest.
func startsLikeAVersion(version string) bool {
	if end := strings.IndexAny(version, "-+"); end >= 0 {
		version = version[:end]
	}
	numbers := strings.Split(version, ".")
	for _, number := range numbers {
		if number == "" || strings.Trim(number, "0123456789") != "" {
			return false
		}
	}
	return len(numbers) == 3
}

func schemaOf[T any](what string) string {
	if reflect.TypeFor[T]().Kind() != reflect.Struct {
		panic(fmt.Sprintf("cofferdam: the module's %s are of type %s; they must be a struct", what, reflect.TypeFor[T]()))
	}
	derived, err := schema.Of(reflect.TypeFor[T]())
	if err != nil {
		panic("cofferdam: the module's " + what + " have no JSON Schema: " + err.Error())
	}
	text, err := json.Marshal(derived)
	if err != nil {
		panic("cofferdam: the module's " + what + " have no JSON Schema: " + err.Error())
	}
	return string(text)
}

// Run reads inputs and settings, runs the module's function, and makes a failure of every error and panic.
func (g guest[Inputs, Settings]) Run(raw host.Job) (failure *host.Failure) {
	slog.SetDefault(slog.New(newHandler()))
	defer func() {
		if panicked := recover(); panicked != nil {
			message := fmt.Sprint(panicked)
			host.Current.Log(fmt.Sprintf("panic: %s\n%s", message, stackOfPanic()), host.Error)
			failure = &host.Failure{Message: message}
		}
	}()
	err := g.attempt(raw)
	if err == nil || errors.Is(err, context.Canceled) && host.Current.IsCancelled() {
		return nil
	}
	return &host.Failure{Message: err.Error(), Retryable: IsRetryable(err)}
}

func (g guest[Inputs, Settings]) attempt(raw host.Job) error {
	job := &Job[Inputs, Settings]{ID: raw.ID, Attempt: raw.Attempt, checkpoint: raw.Checkpoint}
	if err := schema.Read("inputs", raw.Inputs, &job.Inputs, schema.Exact); err != nil {
		return err
	}
	if err := schema.Read("settings", raw.Settings, &job.Settings, schema.Exact); err != nil {
		return err
	}
	ctx := newJobContext()
	defer ctx.end()
	return g.module.Run(ctx, job)
}

// stackOfPanic is the stack below the call of panic: what the SDK does about it is of no interest.
func stackOfPanic() string {
	stack := string(debug.Stack())
	if _, below, found := strings.Cut(stack, "\npanic("); found {
		if _, callers, found := strings.Cut(below, "\n\t"); found {
			_, callers, _ = strings.Cut(callers, "\n")
			return callers
		}
	}
	return stack
}
