// Package schema derives JSON Schemas (2020-12) from Go types and holds JSON texts against them, with messages that name
// the place. It knows nothing of jobs.
package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// Draft is the dialect of every schema that [Of] derives.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// Schema is one JSON Schema, as far as Go types need it. Its zero value accepts everything.
type Schema struct {
	Dialect         string             `json:"$schema,omitempty"`
	Description     string             `json:"description,omitempty"`
	Ref             string             `json:"$ref,omitempty"`
	Type            Types              `json:"type,omitempty"`
	Enum            []any              `json:"enum,omitempty"`
	Format          string             `json:"format,omitempty"`
	ContentEncoding string             `json:"contentEncoding,omitempty"`
	Minimum         json.Number        `json:"minimum,omitempty"`
	Maximum         json.Number        `json:"maximum,omitempty"`
	MinItems        *int               `json:"minItems,omitempty"`
	MaxItems        *int               `json:"maxItems,omitempty"`
	Items           *Schema            `json:"items,omitempty"`
	Properties      Properties         `json:"properties,omitempty"`
	Required        []string           `json:"required,omitempty"`
	Additional      *Additional        `json:"additionalProperties,omitempty"`
	Default         json.RawMessage    `json:"default,omitempty"`
	Definitions     map[string]*Schema `json:"$defs,omitempty"`

	// The integer's Go type, for its range.
	integer reflect.Kind
	// Whether Go writes its zero value as null, though the schema does not take null.
	nilable bool
	// What Ref leads to.
	target *Schema
}

// Types is the keyword type: one name, or a list of them.
type Types []string

// MarshalJSON writes one name as a text and several as a list.
func (types Types) MarshalJSON() ([]byte, error) {
	if len(types) == 1 {
		return json.Marshal(types[0])
	}
	return json.Marshal([]string(types))
}

func (types Types) has(name string) bool {
	for _, candidate := range types {
		if candidate == name || candidate == "number" && name == "integer" {
			return true
		}
	}
	return false
}

// Property is one named property of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// Properties keeps the order of the struct's fields, so that a form made from the schema reads like the code.
type Properties []Property

// MarshalJSON writes an object in the order of the fields.
func (properties Properties) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	text.WriteByte('{')
	for at, property := range properties {
		if at > 0 {
			text.WriteByte(',')
		}
		name, err := json.Marshal(property.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(property.Schema)
		if err != nil {
			return nil, err
		}
		text.Write(name)
		text.WriteByte(':')
		text.Write(value)
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}

func (properties Properties) named(name string) *Schema {
	for _, property := range properties {
		if property.Name == name {
			return property.Schema
		}
	}
	return nil
}

// Additional is the keyword additionalProperties: a schema, or false when there is none.
type Additional struct{ Schema *Schema }

// MarshalJSON writes false or the schema.
func (additional *Additional) MarshalJSON() ([]byte, error) {
	if additional.Schema == nil {
		return []byte("false"), nil
	}
	return json.Marshal(additional.Schema)
}
