package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The most of a value that a message repeats, in characters.
const shownCharacters = 60

func misfit(expected *Schema, value any, place string) error {
	return fmt.Errorf("%s does not fit: expected %s, found %s", place, describe(expected), show(value))
}

// describe says in words what a schema takes.
func describe(expected *Schema) string {
	if len(expected.Enum) > 0 {
		words := make([]string, len(expected.Enum))
		for at, value := range expected.Enum {
			words[at] = show(value)
		}
		return "one of " + strings.Join(words, ", ")
	}
	if expected.target != nil {
		return "an object"
	}
	var words []string
	for _, name := range expected.Type {
		if name != "null" {
			words = append(words, inWords[name])
		}
	}
	words = append(words, bounds(expected)...)
	if expected.Type.has("null") {
		words = append(words, "or null")
	}
	return strings.Join(words, " ")
}

var inWords = map[string]string{
	"boolean": "true or false", "string": "a text", "number": "a number", "integer": "an integer",
	"array": "a list", "object": "an object",
}

func bounds(expected *Schema) []string {
	switch {
	case expected.Minimum != "" && expected.Maximum != "":
		return []string{"from", expected.Minimum.String(), "to", expected.Maximum.String()}
	case expected.Minimum != "":
		return []string{"of at least", expected.Minimum.String()}
	case expected.Maximum != "":
		return []string{"of at most", expected.Maximum.String()}
	default:
		return nil
	}
}

func known(expected *Schema) string {
	if len(expected.Properties) == 0 {
		return "expected no fields at all"
	}
	names := make([]string, len(expected.Properties))
	for at, property := range expected.Properties {
		names[at] = property.Name
	}
	return "expected " + strings.Join(names, ", ")
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	if utf8.RuneCount(text) <= shownCharacters {
		return string(text)
	}
	return string([]rune(string(text))[:shownCharacters]) + "…"
}
