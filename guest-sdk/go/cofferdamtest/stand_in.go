package cofferdamtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"cofferdam/internal/host"
)

// standIn is a host in memory. It checks of a saved value what the real one checks: that it is a JSON object, and limits.
type standIn struct {
	attempt Attempt
	jobID   string

	lock     sync.Mutex
	recorded Recorded
	asked    int
}

func (s *standIn) JobID() string { return s.jobID }

func (s *standIn) IsCancelled() bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.asked++
	return s.attempt.CancelAfter > 0 && s.asked > s.attempt.CancelAfter
}

func (s *standIn) Log(message string, level host.Level) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.recorded.Log = append(s.recorded.Log, Line{level.String(), message})
}

func (s *standIn) SaveResult(data string) *host.SaveError {
	s.lock.Lock()
	defer s.lock.Unlock()
	result, refused := s.parse(data)
	if refused == nil && s.attempt.MaxResults > 0 && len(s.recorded.Results) >= s.attempt.MaxResults {
		refused = &host.SaveError{Refusal: host.LimitReached, Text: fmt.Sprintf("%d results", s.attempt.MaxResults)}
	}
	if refused == nil {
		s.recorded.Results = append(s.recorded.Results, result)
	}
	return refused
}

func (s *standIn) SaveCheckpoint(data string) *host.SaveError {
	s.lock.Lock()
	defer s.lock.Unlock()
	checkpoint, refused := s.parse(data)
	if refused == nil {
		s.recorded.Checkpoints = append(s.recorded.Checkpoints, checkpoint)
		s.recorded.FinalResults = len(s.recorded.Results)
	}
	return refused
}

func (s *standIn) ReportProgress(done uint64, total *uint64) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.recorded.Progress = append(s.recorded.Progress, Progress{done, total})
}

func (s *standIn) Sleep(milliseconds uint64) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.recorded.SleptMS += milliseconds
}

// end gives the record, of which goroutines that outlive the attempt see nothing.
func (s *standIn) end() *Recorded {
	s.lock.Lock()
	defer s.lock.Unlock()
	recorded := s.recorded
	return &recorded
}

func (s *standIn) parse(data string) (map[string]any, *host.SaveError) {
	if s.attempt.MaxBytes > 0 && len(data) > s.attempt.MaxBytes {
		return nil, &host.SaveError{Refusal: host.TooLarge, Limit: uint64(s.attempt.MaxBytes)}
	}
	var value map[string]any
	err := json.Unmarshal([]byte(data), &value)
	if err == nil && !strings.HasPrefix(strings.TrimSpace(data), "{") {
		err = errors.New("the text is not an object")
	}
	if err != nil {
		return nil, &host.SaveError{Refusal: host.InvalidJSON, Text: err.Error()}
	}
	return value, nil
}
