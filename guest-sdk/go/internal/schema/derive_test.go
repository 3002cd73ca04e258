package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

type place struct {
	Street string  `json:"street"`
	Number *uint16 `json:"number" doc:"The house's number, if it has one."`
}

type audit struct {
	By string `json:"by"`
}

type order struct {
	_        struct{} `doc:"What was ordered."`
	ID       int64    `json:"id" doc:"Which order."`
	Speed    string   `json:"speed" enum:"fast, slow" default:"slow"`
	Weights  []int    `json:"weights" minimum:"1" maximum:"9"`
	To       place    `json:"to"`
	Tags     map[string]bool
	Note     string     `json:"note,omitempty"`
	When     time.Time  `json:"when,omitzero"`
	Pair     [2]float64 `json:"pair"`
	Anything any        `json:"anything"`
	Hidden   string     `json:"-"`
	private  string
	audit
}

func TestASchemaSaysWhatTheTypesAndTagsSay(t *testing.T) {
	expected := `{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"description": "What was ordered.", "type": "object",
		"properties": {
			"id": {"description": "Which order.", "type": "integer"},
			"speed": {"type": "string", "enum": ["fast", "slow"], "default": "slow"},
			"weights": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 9}},
			"to": {
				"type": "object",
				"properties": {
					"street": {"type": "string"},
					"number": {
						"description": "The house's number, if it has one.",
						"type": ["integer", "null"], "minimum": 0, "maximum": 65535
					}
				},
				"required": ["street"], "additionalProperties": false
			},
			"Tags": {"type": "object", "additionalProperties": {"type": "boolean"}},
			"note": {"type": "string"},
			"when": {"type": "string", "format": "date-time"},
			"pair": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
			"anything": {},
			"by": {"type": "string"}
		},
		"required": ["id", "weights", "to", "Tags", "pair", "anything", "by"],
		"additionalProperties": false
	}`
	sameJSON(t, derive[order](t), expected)
}

func TestPropertiesKeepTheOrderOfTheFields(t *testing.T) {
	text := derive[order](t)
	if strings.Index(text, `"speed"`) < strings.Index(text, `"id"`) {
		t.Errorf("the order is lost in %s", text)
	}
}

type tree struct {
	Name     string `json:"name"`
	Children []tree `json:"children"`
	Parent   *tree  `json:"parent,omitempty"`
}

func TestAStructThatHoldsItselfIsADefinition(t *testing.T) {
	sameJSON(t, derive[tree](t), `{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$ref": "#/$defs/tree1",
		"$defs": {"tree1": {
			"type": "object",
			"properties": {
				"name": {"type": "string"},
				"children": {"type": "array", "items": {"$ref": "#/$defs/tree1"}},
				"parent": {"$ref": "#/$defs/tree1"}
			},
			"required": ["name", "children"], "additionalProperties": false
		}}
	}`)
}

func TestWhatHasNoSchemaIsNamed(t *testing.T) {
	for _, wrong := range []struct {
		of      any
		message string
	}{
		{struct{ Stream chan int }{}, ".Stream: the type chan int has no JSON form"},
		{struct{ ByNumber map[int]string }{}, ".ByNumber: the keys of a JSON object are texts, not int"},
		{struct {
			Speed string `enum:"a,b" default:"c"`
		}{}, `.Speed: the tag default: the value does not fit: expected one of "a", "b", found "c"`},
		{struct {
			Limit uint8 `default:"300"`
		}{}, ".Limit: the tag default: the value does not fit: expected an integer from 0 to 255, found 300"},
		{struct {
			Name string `minimum:"1"`
		}{}, `.Name: the tag minimum: "1" is not a number that the field can hold`},
		{struct {
			Number int `json:"number,string"`
		}{}, `.number: the JSON option "string" is not supported: give the field the type string`},
	} {
		_, err := Of(reflect.TypeOf(wrong.of))
		if err == nil || err.Error() != wrong.message {
			t.Errorf("expected %q, got %v", wrong.message, err)
		}
	}
}

func derive[T any](t *testing.T) string {
	t.Helper()
	derived, err := Of(reflect.TypeFor[T]())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(derived)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sameJSON(t *testing.T, got, expected string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(expected), &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("got\n%s\nexpected\n%s", got, expected)
	}
}
