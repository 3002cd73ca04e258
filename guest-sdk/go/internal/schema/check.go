package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Strictness says what a text may have that its type does not.
type Strictness uint8

const (
	// Exact refuses unknown properties: for what people write.
	Exact Strictness = iota
	// Tolerant passes over unknown properties and takes null where Go writes its nil so: for what Go wrote.
	Tolerant
)

// Read fills `into`, a pointer, from a JSON text that it first holds against the type's schema, defaults included. `what`
// names the text in the error.
func Read(what, text string, into any, strictness Strictness) error {
	expected, err := Of(reflect.TypeOf(into).Elem())
	if err != nil {
		return err
	}
	value, err := decode(text)
	if err != nil {
		return fmt.Errorf("%s does not fit: it is not JSON: %w", what, err)
	}
	c := checker{strictness: strictness}
	if err := c.check(expected, value, what); err != nil {
		return err
	}
	final := []byte(text)
	if c.changed {
		if final, err = json.Marshal(value); err != nil {
			return fmt.Errorf("%s does not fit: %w", what, err)
		}
	}
	if err := json.Unmarshal(final, into); err != nil {
		return fmt.Errorf("%s does not fit: %w", what, err)
	}
	return nil
}

// decode reads one JSON value, keeping numbers as they are written.
func decode(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return value, nil
}

type checker struct {
	strictness Strictness
	// Whether a default was put in or a number written anew.
	changed bool
}

func (c *checker) check(expected *Schema, value any, place string) error {
	if value == nil && (expected.nilable && c.strictness == Tolerant || expected.Type.has("null")) {
		return nil
	}
	if expected.target != nil {
		expected = expected.target
	}
	if expected.Type != nil && !slices.ContainsFunc(typesOf(value), expected.Type.has) {
		return misfit(expected, value, place)
	}
	if len(expected.Enum) > 0 && !slices.ContainsFunc(expected.Enum, func(one any) bool { return one == value }) {
		return misfit(expected, value, place)
	}
	switch value := value.(type) {
	case json.Number:
		return c.checkNumber(expected, value, place)
	case []any:
		return c.checkList(expected, value, place)
	case map[string]any:
		return c.checkObject(expected, value, place)
	default:
		return nil
	}
}

func (c *checker) checkNumber(expected *Schema, number json.Number, place string) error {
	value, err := number.Float64()
	if err != nil && expected.Type != nil {
		return misfit(expected, number, place)
	}
	if below, err := expected.Minimum.Float64(); err == nil && value < below {
		return misfit(expected, number, place)
	}
	if above, err := expected.Maximum.Float64(); err == nil && value > above {
		return misfit(expected, number, place)
	}
	switch expected.integer {
	case reflect.Invalid:
		return nil
	case reflect.Uint, reflect.Uint64:
		_, err = strconv.ParseUint(plain(number), 10, 64)
	default:
		_, err = strconv.ParseInt(plain(number), 10, 64)
	}
	if err != nil {
		return fmt.Errorf("%s does not fit: expected an integer of at most 64 bits, found %s", place, show(number))
	}
	return nil
}

func (c *checker) checkList(expected *Schema, list []any, place string) error {
	if expected.MinItems != nil && len(list) != *expected.MinItems {
		return fmt.Errorf("%s does not fit: expected %d elements, found %d", place, *expected.MinItems, len(list))
	}
	if expected.Items == nil {
		return nil
	}
	for at, element := range list {
		if err := c.check(expected.Items, element, fmt.Sprintf("%s[%d]", place, at)); err != nil {
			return err
		}
		if rewritten, ok := c.rewrite(expected.Items, element); ok {
			list[at] = rewritten
		}
	}
	return nil
}

func (c *checker) checkObject(expected *Schema, object map[string]any, place string) error {
	for _, property := range expected.Properties {
		value, given := object[property.Name]
		if !given {
			if err := c.absent(expected, property, object, place); err != nil {
				return err
			}
			continue
		}
		if err := c.check(property.Schema, value, place+"."+property.Name); err != nil {
			return err
		}
		if rewritten, ok := c.rewrite(property.Schema, value); ok {
			object[property.Name] = rewritten
		}
	}
	if expected.Additional == nil {
		return nil
	}
	for name, value := range object {
		switch {
		case expected.Properties.named(name) != nil:
		case expected.Additional.Schema != nil:
			if err := c.check(expected.Additional.Schema, value, place+"."+name); err != nil {
				return err
			}
			if rewritten, ok := c.rewrite(expected.Additional.Schema, value); ok {
				object[name] = rewritten
			}
		case c.strictness == Exact:
			return fmt.Errorf("%s.%s does not fit: there is no such field; %s", place, name, known(expected))
		}
	}
	return nil
}

// absent puts a property's default in, or complains when the property is needed.
func (c *checker) absent(expected *Schema, property Property, object map[string]any, place string) error {
	if property.Schema.Default != nil {
		value, err := decode(string(property.Schema.Default))
		object[property.Name], c.changed = value, true
		return err
	}
	if slices.Contains(expected.Required, property.Name) {
		return fmt.Errorf("%s.%s is missing: expected %s", place, property.Name, describe(property.Schema))
	}
	return nil
}

// rewrite gives integers such as 3.0 and 1e2, which JSON Schema takes, the form that encoding/json takes.
func (c *checker) rewrite(expected *Schema, value any) (any, bool) {
	number, isNumber := value.(json.Number)
	if !isNumber || expected.integer == reflect.Invalid || plain(number) == number.String() {
		return nil, false
	}
	c.changed = true
	return json.Number(plain(number)), true
}

// plain writes an integer without fraction and exponent, and leaves every other number as it is.
func plain(number json.Number) string {
	text := number.String()
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	value, err := number.Float64()
	if err != nil || value != math.Trunc(value) || math.Abs(value) >= 1<<64 {
		return text
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

func typesOf(value any) []string {
	switch value := value.(type) {
	case nil:
		return []string{"null"}
	case bool:
		return []string{"boolean"}
	case string:
		return []string{"string"}
	case []any:
		return []string{"array"}
	case map[string]any:
		return []string{"object"}
	case json.Number:
		if strings.ContainsAny(plain(value), ".eE") {
			return []string{"number"}
		}
		return []string{"integer"}
	default:
		return nil
	}
}
