package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// applyTags reads the tags doc, enum, minimum, maximum and default of a field. On a list, the middle three are about its
// elements.
func applyTags(field *Schema, tag reflect.StructTag, place string) error {
	if text := tag.Get("doc"); text != "" {
		field.Description = text
	}
	element := field
	if field.Items != nil {
		element = field.Items
	}
	if text, given := tag.Lookup("enum"); given {
		var words []any
		for word := range strings.SplitSeq(text, ",") {
			value, err := literal(element, strings.TrimSpace(word))
			if err != nil {
				return fmt.Errorf("%s: the tag enum: %w", place, err)
			}
			words = append(words, value)
		}
		element.Enum = words
	}
	for _, bound := range []struct {
		name string
		into *json.Number
	}{{"minimum", &element.Minimum}, {"maximum", &element.Maximum}} {
		if text, given := tag.Lookup(bound.name); given {
			value, err := literal(&Schema{Type: element.Type}, text)
			number, isNumber := value.(json.Number)
			if err != nil || !isNumber {
				return fmt.Errorf("%s: the tag %s: %q is not a number that the field can hold", place, bound.name, text)
			}
			*bound.into = number
		}
	}
	if text, given := tag.Lookup("default"); given {
		value, err := literal(field, text)
		if err != nil {
			return fmt.Errorf("%s: the tag default: %w", place, err)
		}
		if field.Default, err = json.Marshal(value); err != nil {
			return fmt.Errorf("%s: the tag default: %w", place, err)
		}
	}
	return nil
}

// literal reads a tag's text: as it stands for a field that holds a text, else as JSON.
func literal(field *Schema, text string) (any, error) {
	if len(field.Type) > 0 && field.Type[0] == "string" {
		return text, (&checker{}).check(field, text, "the value")
	}
	value, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not JSON: %w", text, err)
	}
	return value, (&checker{}).check(field, value, "the value")
}
