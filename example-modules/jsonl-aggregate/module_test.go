package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"cofferdam/cofferdamtest"
)

func penguins(t *testing.T) Inputs {
	t.Helper()
	text, err := os.ReadFile("data/penguins.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return Inputs{string(text), []string{"species", "sex"}, []string{"body_mass_g", "bill_length_mm"}}
}

func TestPenguinsAreWhatPythonSaysOfThem(t *testing.T) {
	text, err := os.ReadFile("data/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected []map[string]any
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: penguins(t)})
	if recorded.Failure != nil || !reflect.DeepEqual(recorded.Results, expected) {
		t.Errorf("failure %v, results\n%v\nexpected\n%v", recorded.Failure, recorded.Results, expected)
	}
}

func TestAJobThatStopsAnywhereSaysTheSame(t *testing.T) {
	inputs := penguins(t)
	whole := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: inputs})
	for _, looks := range []int{1, 2, 100, 343} {
		stopped := cofferdamtest.Run(t, module, cofferdamtest.Attempt{Inputs: inputs, CancelAfter: looks})
		if stopped.Failure != nil || len(stopped.Results) > 0 || len(stopped.Checkpoints) != 1 {
			t.Fatalf("after %d looks: %+v", looks, stopped)
		}
		resumed := cofferdamtest.Run(t, module, cofferdamtest.Attempt{
			Inputs: inputs, Checkpoint: stopped.Checkpoints[0], Number: 2,
		})
		if !reflect.DeepEqual(resumed.Results, whole.Results) {
			t.Errorf("after %d looks: %v", looks, resumed.Results)
		}
	}
}

func TestBadLinesAreLoggedAndPassedOver(t *testing.T) {
	inputs := Inputs{"{\"n\": 1}\n\n[2]\nnull\n{\"n\": \"3\"}\n{\"n\": 4.5}", []string{}, []string{"n"}}
	recorded := cofferdamtest.Run(t, module, cofferdamtest.Attempt{
		Inputs: inputs, Settings: Settings{CheckpointEvery: 2},
	})
	expected := map[string]any{
		"group": map[string]any{}, "lines": 3.0,
		"values": map[string]any{"n": map[string]any{"count": 2.0, "sum": 5.5, "mean": 2.75, "min": 1.0, "max": 4.5}},
	}
	if recorded.Failure != nil || !reflect.DeepEqual(recorded.Results, []map[string]any{expected}) {
		t.Errorf("%+v", recorded)
	}
	if len(recorded.Log) != 3 || !strings.HasPrefix(recorded.Log[0].Message, "line 3 is passed over") ||
		recorded.Log[2].Message != "aggregated lines=6 groups=1" || len(recorded.Checkpoints) != 3 {
		t.Errorf("%+v", recorded)
	}
}
