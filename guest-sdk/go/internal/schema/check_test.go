package schema

import (
	"math"
	"testing"
)

type span struct {
	Start uint64 `json:"start"`
}

type given struct {
	Ranges []span         `json:"ranges"`
	Speed  string         `json:"speed" enum:"fast,slow" default:"slow"`
	Factor float64        `json:"factor" default:"1.5" minimum:"0"`
	Names  map[string]int `json:"names,omitempty"`
	Near   *span          `json:"near"`
}

func TestWhatFitsIsReadWithDefaults(t *testing.T) {
	var read given
	text := `{"ranges": [{"start": 3.0}, {"start": 1e2}, {"start": 18446744073709551615}], "names": {"a": 2}, "near": null}`
	if err := Read("inputs", text, &read, Exact); err != nil {
		t.Fatal(err)
	}
	if read.Speed != "slow" || read.Factor != 1.5 || read.Names["a"] != 2 || read.Near != nil {
		t.Errorf("%+v", read)
	}
	if read.Ranges[0].Start != 3 || read.Ranges[1].Start != 100 || read.Ranges[2].Start != math.MaxUint64 {
		t.Errorf("%+v", read.Ranges)
	}
}

func TestWhatDoesNotFitIsNamedWithItsPlace(t *testing.T) {
	for text, message := range map[string]string{
		`{"ranges": [{"start": 1}, {"start": "two"}]}`:  `inputs.ranges[1].start does not fit: expected an integer of at least 0, found "two"`,
		`{"ranges": [{"start": -1}]}`:                   `inputs.ranges[0].start does not fit: expected an integer of at least 0, found -1`,
		`{"ranges": [{"start": 1.5}]}`:                  `inputs.ranges[0].start does not fit: expected an integer of at least 0, found 1.5`,
		`{"ranges": [{"start": 18446744073709551616}]}`: `inputs.ranges[0].start does not fit: expected an integer of at most 64 bits, found 18446744073709551616`,
		`{"ranges": [{"start": 1e999999999}]}`:          `inputs.ranges[0].start does not fit: expected an integer of at least 0, found 1e999999999`,
		`{"ranges": null}`:                              `inputs.ranges does not fit: expected a list, found null`,
		`{}`:                                            `inputs.ranges is missing: expected a list`,
		`[]`:                                            `inputs does not fit: expected an object, found []`,
		`{"ranges": [], "speed": "warp"}`:               `inputs.speed does not fit: expected one of "fast", "slow", found "warp"`,
		`{"ranges": [], "factor": -0.5}`:                `inputs.factor does not fit: expected a number of at least 0, found -0.5`,
		`{"ranges": [], "fast": true}`:                  `inputs.fast does not fit: there is no such field; expected ranges, speed, factor, names, near`,
		`{"ranges": [], "names": {"a": "b"}}`:           `inputs.names.a does not fit: expected an integer, found "b"`,
		`{"ranges": [], "near": {"start": true}}`:       `inputs.near.start does not fit: expected an integer of at least 0, found true`,
		`{"ranges": [], "near": 7}`:                     `inputs.near does not fit: expected an object or null, found 7`,
		`{"ranges": []} {}`:                             `inputs does not fit: it is not JSON: something follows the value`,
	} {
		err := Read("inputs", text, &given{}, Exact)
		if err == nil || err.Error() != message {
			t.Errorf("%s: expected %q, got %v", text, message, err)
		}
	}
}

func TestACheckpointMayHaveMoreAndGosNulls(t *testing.T) {
	var read given
	if err := Read("checkpoint", `{"ranges": null, "older": 1}`, &read, Tolerant); err != nil {
		t.Fatal(err)
	}
	if err := Read("checkpoint", `{"ranges": "all"}`, &read, Tolerant); err == nil {
		t.Error("a text is no list")
	}
}

func TestAMapTakesAnyCheckpoint(t *testing.T) {
	var read map[string]any
	if err := Read("checkpoint", `{"a": [1, {"b": null}]}`, &read, Tolerant); err != nil {
		t.Fatal(err)
	}
	if len(read["a"].([]any)) != 2 {
		t.Errorf("%v", read)
	}
}

func TestATreeIsReadToItsLeaves(t *testing.T) {
	var read tree
	text := `{"name": "a", "children": [{"name": "b", "children": [{"name": 3, "children": []}]}]}`
	err := Read("inputs", text, &read, Exact)
	if err == nil || err.Error() != "inputs.children[0].children[0].name does not fit: expected a text, found 3" {
		t.Errorf("%v", err)
	}
}
