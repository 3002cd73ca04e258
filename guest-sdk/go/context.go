package cofferdam

import (
	"context"
	"sync"
	"time"

	"cofferdam/internal/host"
)

// How often the host is asked while something waits for a context's Done: often enough that a stop feels immediate.
const askEvery = 50 * time.Millisecond

// jobContext is cancelled when the job is asked to stop. Err asks the host each time; Done starts asking when it is first
// used, since the host cannot call back into a module.
type jobContext struct {
	context.Context
	cancel context.CancelFunc
	asking sync.Once
}

func newJobContext() *jobContext {
	inner, cancel := context.WithCancel(context.Background())
	return &jobContext{Context: inner, cancel: cancel}
}

func (ctx *jobContext) Err() error {
	if ctx.Context.Err() == nil && host.Current.IsCancelled() {
		ctx.cancel()
	}
	return ctx.Context.Err()
}

func (ctx *jobContext) Done() <-chan struct{} {
	ctx.asking.Do(func() { go ctx.ask() })
	return ctx.Context.Done()
}

func (ctx *jobContext) ask() {
	for ctx.Err() == nil {
		time.Sleep(askEvery)
	}
}

// end stops the asking when the attempt is over.
func (ctx *jobContext) end() { ctx.cancel() }
