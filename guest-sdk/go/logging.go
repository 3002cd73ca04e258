package cofferdam

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"

	"cofferdam/internal/host"
)

// The two levels that the job's log has and slog has no name for: slog.Log(ctx, cofferdam.LevelCritical, "…").
const (
	LevelTrace    = slog.LevelDebug - 4
	LevelCritical = slog.LevelError + 4
)

// handler writes slog's records to the job's log: the message, then the attributes as key=value. The host adds the time.
type handler struct {
	// Everything that a text handler says beside time, level and message.
	attributes slog.Handler
	text       *bytes.Buffer
	writing    *sync.Mutex
}

func newHandler() slog.Handler {
	text := &bytes.Buffer{}
	options := &slog.HandlerOptions{Level: slog.Level(-1 << 31), ReplaceAttr: withoutBuiltIns}
	return &handler{slog.NewTextHandler(text, options), text, &sync.Mutex{}}
}

func withoutBuiltIns(groups []string, attribute slog.Attr) slog.Attr {
	builtIn := attribute.Key == slog.TimeKey || attribute.Key == slog.LevelKey || attribute.Key == slog.MessageKey
	if len(groups) == 0 && builtIn {
		return slog.Attr{}
	}
	return attribute
}

func (h *handler) Enabled(context.Context, slog.Level) bool { return true }

func (h *handler) Handle(ctx context.Context, record slog.Record) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	h.text.Reset()
	if err := h.attributes.Handle(ctx, record); err != nil {
		return err
	}
	message := record.Message
	if attributes := strings.TrimSuffix(h.text.String(), "\n"); attributes != "" {
		message += " " + attributes
	}
	host.Current.Log(message, levelOf(record.Level))
	return nil
}

func (h *handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return &handler{h.attributes.WithAttrs(attributes), h.text, h.writing}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.attributes.WithGroup(name), h.text, h.writing}
}

// levelOf takes every level to the contract's nearest one that is not above it.
func levelOf(level slog.Level) host.Level {
	switch {
	case level >= LevelCritical:
		return host.Critical
	case level >= slog.LevelError:
		return host.Error
	case level >= slog.LevelWarn:
		return host.Warn
	case level >= slog.LevelInfo:
		return host.Info
	case level >= slog.LevelDebug:
		return host.Debug
	default:
		return host.Trace
	}
}
