package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

var (
	timeType            = reflect.TypeFor[time.Time]()
	numberType          = reflect.TypeFor[json.Number]()
	unmarshalerType     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// Of derives the schema of a type. The error names the field whose type or tag has no schema.
func Of(root reflect.Type) (*Schema, error) {
	d := deriver{open: map[reflect.Type]*Schema{}, names: map[reflect.Type]string{}, definitions: map[string]*Schema{}}
	derived, err := d.derive(root, root.Name())
	if err != nil {
		return nil, err
	}
	derived.Dialect = Draft
	if len(d.definitions) > 0 {
		derived.Definitions = d.definitions
	}
	return derived, nil
}

type deriver struct {
	// Structs that are being derived: met again, they become references.
	open        map[reflect.Type]*Schema
	names       map[reflect.Type]string
	definitions map[string]*Schema
}

func (d *deriver) derive(t reflect.Type, place string) (*Schema, error) {
	switch {
	case t.Kind() == reflect.Pointer:
		return d.pointer(t, place)
	case t == timeType:
		return &Schema{Type: Types{"string"}, Format: "date-time"}, nil
	case t == numberType:
		return &Schema{Type: Types{"number"}}, nil
	case reflect.PointerTo(t).Implements(unmarshalerType):
		return &Schema{}, nil
	case reflect.PointerTo(t).Implements(textUnmarshalerType):
		return &Schema{Type: Types{"string"}}, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return &Schema{Type: Types{"boolean"}}, nil
	case reflect.String:
		return &Schema{Type: Types{"string"}}, nil
	case reflect.Float32, reflect.Float64:
		return &Schema{Type: Types{"number"}}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return integer(t.Kind()), nil
	case reflect.Interface:
		return &Schema{}, nil
	case reflect.Slice, reflect.Array:
		return d.list(t, place)
	case reflect.Map:
		return d.dictionary(t, place)
	case reflect.Struct:
		return d.object(t, place)
	default:
		return nil, fmt.Errorf("%s: the type %s has no JSON form", place, t)
	}
}

// integer states the range of the narrow types; that of the wide ones is checked, but says a reader nothing.
func integer(kind reflect.Kind) *Schema {
	derived := &Schema{Type: Types{"integer"}, integer: kind}
	switch kind {
	case reflect.Int8:
		derived.Minimum, derived.Maximum = "-128", "127"
	case reflect.Int16:
		derived.Minimum, derived.Maximum = "-32768", "32767"
	case reflect.Int32:
		derived.Minimum, derived.Maximum = "-2147483648", "2147483647"
	case reflect.Uint8:
		derived.Minimum, derived.Maximum = "0", "255"
	case reflect.Uint16:
		derived.Minimum, derived.Maximum = "0", "65535"
	case reflect.Uint32:
		derived.Minimum, derived.Maximum = "0", "4294967295"
	case reflect.Uint, reflect.Uint64:
		derived.Minimum = "0"
	}
	return derived
}

func (d *deriver) pointer(t reflect.Type, place string) (*Schema, error) {
	derived, err := d.derive(t.Elem(), place)
	if err != nil {
		return nil, err
	}
	// A copy, since a struct that refers to itself is shared.
	nullable := *derived
	nullable.nilable = true
	if derived.Type != nil && !derived.Type.has("null") {
		nullable.Type = append(append(Types{}, derived.Type...), "null")
	}
	return &nullable, nil
}

func (d *deriver) list(t reflect.Type, place string) (*Schema, error) {
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
		return &Schema{Type: Types{"string"}, ContentEncoding: "base64", nilable: true}, nil
	}
	items, err := d.derive(t.Elem(), place+"[]")
	if err != nil {
		return nil, err
	}
	derived := &Schema{Type: Types{"array"}, Items: items, nilable: t.Kind() == reflect.Slice}
	if t.Kind() == reflect.Array {
		length := t.Len()
		derived.MinItems, derived.MaxItems = &length, &length
	}
	return derived, nil
}

func (d *deriver) dictionary(t reflect.Type, place string) (*Schema, error) {
	if t.Key().Kind() != reflect.String {
		return nil, fmt.Errorf("%s: the keys of a JSON object are texts, not %s", place, t.Key())
	}
	values, err := d.derive(t.Elem(), place+"{}")
	if err != nil {
		return nil, err
	}
	return &Schema{Type: Types{"object"}, Additional: &Additional{values}, nilable: true}, nil
}

func (d *deriver) object(t reflect.Type, place string) (*Schema, error) {
	if open, again := d.open[t]; again {
		name, named := d.names[t]
		if !named {
			name = fmt.Sprintf("%s%d", strings.Split(t.Name(), "[")[0], len(d.names)+1)
			d.names[t] = name
		}
		return &Schema{Ref: "#/$defs/" + name, target: open}, nil
	}
	derived := &Schema{Type: Types{"object"}, Additional: &Additional{}}
	d.open[t] = derived
	defer delete(d.open, t)
	if err := d.fields(t, place, derived); err != nil {
		return nil, err
	}
	if name, named := d.names[t]; named {
		d.definitions[name] = derived
		return &Schema{Ref: "#/$defs/" + name, target: derived}, nil
	}
	return derived, nil
}

// fields adds a struct's fields, those of embedded structs after its own. A field that is nearer hides a deeper one.
func (d *deriver) fields(t reflect.Type, place string, into *Schema) error {
	var embedded []reflect.Type
	for at := range t.NumField() {
		field := t.Field(at)
		if field.Name == "_" {
			if text := field.Tag.Get("doc"); text != "" && into.Description == "" {
				into.Description = text
			}
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if inner, ok := embeds(field, name); ok {
			embedded = append(embedded, inner)
			continue
		}
		if !field.IsExported() || field.Tag.Get("json") == "-" {
			continue
		}
		if name == "" {
			name = field.Name
		}
		if into.Properties.named(name) != nil {
			continue
		}
		if err := d.field(field, name, options, place+"."+name, into); err != nil {
			return err
		}
	}
	for _, inner := range embedded {
		if err := d.fields(inner, place, into); err != nil {
			return err
		}
	}
	return nil
}

// embeds tells the struct whose fields stand in place of this one, as encoding/json has it.
func embeds(field reflect.StructField, name string) (reflect.Type, bool) {
	if !field.Anonymous || name != "" {
		return nil, false
	}
	inner := field.Type
	if inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	return inner, inner.Kind() == reflect.Struct && inner != timeType
}

func (d *deriver) field(field reflect.StructField, name, options, place string, into *Schema) error {
	derived, err := d.derive(field.Type, place)
	if err != nil {
		return err
	}
	if hasOption(options, "string") {
		return fmt.Errorf("%s: the JSON option \"string\" is not supported: give the field the type string", place)
	}
	if err := applyTags(derived, field.Tag, place); err != nil {
		return err
	}
	into.Properties = append(into.Properties, Property{name, derived})
	optional := hasOption(options, "omitempty") || hasOption(options, "omitzero") ||
		derived.Default != nil || field.Type.Kind() == reflect.Pointer
	if !optional {
		into.Required = append(into.Required, name)
	}
	return nil
}

func hasOption(options, wanted string) bool {
	for option := range strings.SplitSeq(options, ",") {
		if option == wanted {
			return true
		}
	}
	return false
}
