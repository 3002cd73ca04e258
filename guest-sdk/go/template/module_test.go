package main

import (
	"reflect"
	"testing"

	"cofferdam/cofferdamtest"
)

var inputs = Inputs{Texts: []string{"to be or not", "to be"}}

func TestTheDescriptionIsOneThatAHostTakes(t *testing.T) {
	cofferdamtest.Describe(t, module)
}

func TestEveryTextIsCounted(t *testing.T) {
	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{
		Inputs: inputs, Settings: map[string]any{"min_letters": 3},
	})
	expected := []map[string]any{{"text": 1.0, "words": 1.0}, {"text": 2.0, "words": 0.0}, {"total": 1.0}}
	if recorded.Failure != nil || !reflect.DeepEqual(recorded.Results, expected) {
		t.Errorf("%+v", recorded)
	}
}

func TestAStoppedJobGoesOnFromItsCheckpoint(t *testing.T) {
	stopped := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: inputs, CancelAfter: 1})
	if stopped.Failure != nil || len(stopped.Results) != 1 || len(stopped.Checkpoints) != 1 {
		t.Fatalf("%+v", stopped)
	}
	resumed := cofferdamtest.Run(t, module, cofferdamtest.Attempt{
		Inputs: inputs, Checkpoint: stopped.Checkpoints[0], Number: 2,
	})
	expected := []map[string]any{{"text": 2.0, "words": 2.0}, {"total": 6.0}}
	if resumed.Failure != nil || !reflect.DeepEqual(resumed.Results, expected) {
		t.Errorf("%+v", resumed)
	}
}
