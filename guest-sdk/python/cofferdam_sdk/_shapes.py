"""From type hints to shapes: each says its JSON Schema and reads a JSON value into the type.

One object does both, so that a schema cannot promise what reading refuses.
"""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, Required, Union

from ._docs import doc_of_class, docs_of_fields

Schema = dict[str, Any]


class Misfit(Exception):
    """A value that does not have the shape that is asked for."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place} does not fit: {problem}")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a field's values keep within: `count: Annotated[int, Bounds(minimum=0)]`. They are included."""

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    """Of a text, in characters."""
    max_length: int | None = None
    min_items: int | None = None
    """Of a list."""
    max_items: int | None = None

    def schema(self) -> Schema:
        """The bounds as keywords of JSON Schema."""
        named = {
            "minimum": self.minimum,
            "maximum": self.maximum,
            "minLength": self.min_length,
            "maxLength": self.max_length,
            "minItems": self.min_items,
            "maxItems": self.max_items,
        }
        return {keyword: bound for keyword, bound in named.items() if bound is not None}

    def problem_of(self, value: Any) -> str | None:
        """What the value would have to be, if it is outside."""
        if isinstance(value, str):
            return _outside(len(value), self.min_length, self.max_length, "a text of {} characters")
        if isinstance(value, (list, tuple, set, frozenset)):
            return _outside(len(value), self.min_items, self.max_items, "a list of {} items")
        return _outside(value, self.minimum, self.maximum, "a number of {}")


def _outside(size: Any, least: float | None, most: float | None, words: str) -> str | None:
    if least is not None and size < least:
        return words.format(f"{least} or more")
    if most is not None and size > most:
        return words.format(f"{most} or less")
    return None


class Shape:
    """The shape of a JSON value. This one is every value's."""

    words = "a JSON value"
    """What is expected, with its article."""

    def schema(self, definitions: "Definitions") -> Schema:
        """Its JSON Schema. Objects with a name go into `definitions`."""
        return {}

    def read(self, value: Any, place: str) -> Any:
        """The value as the type that the shape was made from, or `Misfit`."""
        return value

    def misfit(self, value: Any, place: str) -> Misfit:
        """Says what was expected and what was found."""
        return Misfit(place, f"expected {self.words}, found {_in_words(value)}")


class Definitions:
    """The `$defs` of a schema: each class once, under its own name."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self._names: dict[type, str] = {}

    def reference(self, record: "RecordShape") -> Schema:
        """A reference to the class's schema."""
        if record.cls not in self._names:
            name = record.cls.__name__
            while name in self.schemas:
                name += "_"
            self._names[record.cls] = name
            self.schemas[name] = {}
            self.schemas[name] = record.own_schema(self)
        return {"$ref": f"#/$defs/{self._names[record.cls]}"}


@dataclass
class ScalarShape(Shape):
    """A text, number, boolean or null."""

    json_type: str
    words: str

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": self.json_type}

    def read(self, value: Any, place: str) -> Any:
        kind = _kind(value)
        if self.json_type == kind:
            return value
        if self.json_type == "number" and kind == "integer":
            return float(value)
        # JSON Schema calls 3.0 an integer, so the host lets it pass.
        if self.json_type == "integer" and kind == "number" and value.is_integer():
            return int(value)
        raise self.misfit(value, place)


@dataclass
class ChoiceShape(Shape):
    """One of some constants: a `Literal` or an `Enum`."""

    choices: dict[Any, Any]
    """The JSON value, and what it is read as."""

    @property
    def words(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(_quoted(choice) for choice in self.choices)

    def schema(self, definitions: Definitions) -> Schema:
        return {"enum": list(self.choices)}

    def read(self, value: Any, place: str) -> Any:
        for choice, meaning in self.choices.items():
            if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                return meaning
        raise self.misfit(value, place)


@dataclass
class ListShape(Shape):
    """A list whose items all have one shape."""

    item: Shape
    make: Any
    words = "a list"

    def schema(self, definitions: Definitions) -> Schema:
        schema = {"type": "array", "items": self.item.schema(definitions)}
        return schema | {"uniqueItems": True} if self.make in (set, frozenset) else schema

    def read(self, value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise self.misfit(value, place)
        return self.make([self.item.read(item, f"{place}[{index}]") for index, item in enumerate(value)])


@dataclass
class MapShape(Shape):
    """An object with any names, whose values all have one shape."""

    value: Shape
    words = "an object"

    def schema(self, definitions: Definitions) -> Schema:
        values = self.value.schema(definitions)
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}

    def read(self, value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise self.misfit(value, place)
        return {name: self.value.read(item, f"{place}.{name}") for name, item in value.items()}


@dataclass
class UnionShape(Shape):
    """What has one of several shapes. The first that fits is taken."""

    shapes: list[Shape]

    @property
    def words(self) -> str:  # type: ignore[override]
        return " or ".join(shape.words for shape in self.shapes)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [shape.schema(definitions) for shape in self.shapes]}

    def read(self, value: Any, place: str) -> Any:
        deepest: Misfit | None = None
        for shape in self.shapes:
            try:
                return shape.read(value, place)
            except Misfit as misfit:
                # A misfit inside an object or a list says more than one of the whole.
                if not str(misfit).startswith(f"{place} "):
                    deepest = misfit
        if deepest is not None:
            raise deepest
        raise self.misfit(value, place)


@dataclass
class BoundedShape(Shape):
    """A shape whose values keep within bounds."""

    shape: Shape
    bounds: Bounds

    @property
    def words(self) -> str:  # type: ignore[override]
        return self.shape.words

    def schema(self, definitions: Definitions) -> Schema:
        return self.shape.schema(definitions) | self.bounds.schema()

    def read(self, value: Any, place: str) -> Any:
        read = self.shape.read(value, place)
        problem = self.bounds.problem_of(read)
        if problem is not None:
            raise Misfit(place, f"expected {problem}, found {_in_words(value)}")
        return read


@dataclass
class Field:
    """One field of a record."""

    shape: Shape
    required: bool
    description: str | None
    default: Any = MISSING

    def schema(self, definitions: Definitions) -> Schema:
        schema = self.shape.schema(definitions)
        if self.description:
            schema = schema | {"description": self.description}
        if self.default is None or isinstance(self.default, (str, int, float)):
            schema = schema | {"default": self.default}
        return schema


class RecordShape(Shape):
    """An object with known fields: a dataclass or a `TypedDict`."""

    words = "an object"

    def __init__(self, cls: Any, *, unknown_fields: Literal["refused", "ignored"]) -> None:
        self.cls = cls
        self.refuses_unknown_fields = unknown_fields == "refused"
        self.fields: dict[str, Field] = {}

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.reference(self)

    def own_schema(self, definitions: Definitions) -> Schema:
        """The schema itself, where `schema` gives a reference to it."""
        schema: Schema = {"type": "object"}
        doc = doc_of_class(self.cls)
        if doc:
            schema["description"] = doc
        schema["properties"] = {name: field.schema(definitions) for name, field in self.fields.items()}
        required = [name for name, field in self.fields.items() if field.required]
        if required:
            schema["required"] = required
        return schema | {"additionalProperties": False}

    def read(self, value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise self.misfit(value, place)
        read = {}
        for name, field in self.fields.items():
            if name in value:
                read[name] = field.shape.read(value[name], f"{place}.{name}")
            elif field.required:
                raise Misfit(f"{place}.{name}", f"it is missing, expected {field.shape.words}")
        self._check_for_unknown(value, place)
        try:
            return self.cls(**read)
        except (TypeError, ValueError) as error:
            # From the class's own `__post_init__`.
            raise Misfit(place, str(error)) from None

    def _check_for_unknown(self, value: dict[str, Any], place: str) -> None:
        unknown = next((name for name in value if name not in self.fields), None)
        if self.refuses_unknown_fields and unknown is not None:
            known = ", ".join(f"`{name}`" for name in self.fields)
            raise Misfit(f"{place}.{unknown}", f"unknown field, expected {f'one of {known}' if known else 'no fields'}")


@dataclass
class Nothing:
    """The inputs or settings of a function that takes none, so that a value that nobody reads is refused."""


def shape_of(hint: Any, place: str, *, unknown_fields: Literal["refused", "ignored"] = "refused") -> Shape:
    """The shape of a type. `place` names it when it has none: that is a `TypeError`."""
    return _Reader(unknown_fields).shape(hint, place)


def schema_of(shape: Shape) -> Schema:
    """The complete JSON Schema of a shape."""
    definitions = Definitions()
    schema = shape.own_schema(definitions) if isinstance(shape, RecordShape) else shape.schema(definitions)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
    return schema | {"$defs": definitions.schemas} if definitions.schemas else schema


_SCALARS: dict[Any, Shape] = {
    str: ScalarShape("string", "a text"),
    int: ScalarShape("integer", "an integer"),
    float: ScalarShape("number", "a number"),
    bool: ScalarShape("boolean", "a boolean"),
    None: ScalarShape("null", "null"),
    type(None): ScalarShape("null", "null"),
    Any: Shape(),
    object: Shape(),
    dict: MapShape(Shape()),
    list: ListShape(Shape(), list),
}

_LISTS: dict[Any, Any] = {list: list, Sequence: list, set: set, frozenset: frozenset}


class _Reader:
    """Reads type hints. Remembers classes, because they may hold themselves."""

    def __init__(self, unknown_fields: Literal["refused", "ignored"]) -> None:
        self.unknown_fields = unknown_fields
        self.records: dict[Any, RecordShape] = {}

    def shape(self, hint: Any, place: str) -> Shape:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is None and hint in _SCALARS:
            return _SCALARS[hint]
        if origin is Annotated:
            return self._annotated(arguments, place)
        if origin in (Union, types.UnionType):
            return UnionShape([self.shape(argument, place) for argument in arguments])
        if origin is Literal:
            return ChoiceShape({choice: choice for choice in arguments})
        if origin in _LISTS:
            return ListShape(self.shape(arguments[0], f"{place}[]"), _LISTS[origin])
        if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
            return ListShape(self.shape(arguments[0], f"{place}[]"), tuple)
        if origin in (dict, Mapping) and arguments[0] is str:
            return MapShape(self.shape(arguments[1], f"{place}.*"))
        if isinstance(hint, type) and issubclass(hint, Enum):
            return ChoiceShape({choice.value: choice for choice in hint})
        if is_dataclass(hint) or typing.is_typeddict(hint):
            return self._record(hint, place)
        raise TypeError(
            f"{place} has the type `{_name(hint)}`, which JSON does not have: use dataclasses, TypedDict, str, int, "
            "float, bool, None, list[…], tuple[…, ...], set[…], dict[str, …], unions, Literal, Enum or Any"
        )

    def _annotated(self, arguments: tuple[Any, ...], place: str) -> Shape:
        shape = self.shape(arguments[0], place)
        for bounds in arguments[1:]:
            if isinstance(bounds, Bounds):
                shape = BoundedShape(shape, bounds)
        return shape

    def _record(self, cls: Any, place: str) -> RecordShape:
        if cls in self.records:
            return self.records[cls]
        record = self.records[cls] = RecordShape(cls, unknown_fields=self.unknown_fields)
        try:
            hints = typing.get_type_hints(cls, include_extras=True)
        except NameError as error:
            raise TypeError(f"{place}: the types of `{cls.__name__}` cannot be read: {error}") from None
        docs = docs_of_fields(cls)
        for name, default in _field_defaults(cls, hints):
            hint, required = hints[name], default is MISSING
            while typing.get_origin(hint) in (Required, NotRequired):
                required = typing.get_origin(hint) is Required
                (hint,) = typing.get_args(hint)
            description = docs.get(name) or _documentation(hint)
            shape = self.shape(hint, f"{place}.{name}")
            record.fields[name] = Field(shape, required, description, MISSING if default is _NO_CONSTANT else default)
        return record


_NO_CONSTANT = object()
"""Stands for a default that is made anew for each value, or for the absence of an optional key."""


def _field_defaults(cls: Any, hints: dict[str, Any]) -> list[tuple[str, Any]]:
    """The names of the fields, and their defaults; `MISSING` for a required field."""
    if not is_dataclass(cls):
        return [(name, MISSING if name in cls.__required_keys__ else _NO_CONSTANT) for name in hints]
    return [
        (field.name, field.default if field.default_factory is MISSING else _NO_CONSTANT)
        for field in fields(cls)
        if field.init
    ]


def _documentation(hint: Any) -> str | None:
    """The text of a `Doc` of PEP 727 among a hint's annotations."""
    texts = (getattr(annotation, "documentation", None) for annotation in getattr(hint, "__metadata__", ()))
    return next((text for text in texts if isinstance(text, str)), None)


def _kind(value: Any) -> str:
    """The JSON type of a value that `json` has read."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", type(None): "null"}
    return kinds.get(type(value), "object")


def _in_words(value: Any) -> str:
    words = {
        "string": "the text ",
        "integer": "the number ",
        "number": "the number ",
        "array": "a list",
        "object": "an object",
    }
    kind = _kind(value)
    return words.get(kind, "") + ("" if kind in ("array", "object") else _quoted(value))


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:60]}…"'
    return (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )


def _name(hint: Any) -> str:
    return getattr(hint, "__qualname__", None) or str(hint)
