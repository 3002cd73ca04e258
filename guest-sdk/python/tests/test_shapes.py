import unittest
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from cofferdam_sdk import Bounds
from cofferdam_sdk._shapes import Misfit, schema_of, shape_of


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Range:
    """From one number to another.

    Both are included.
    """

    start: int
    """Where it starts."""
    end: int | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the range from {self.start} to {self.end} is empty")


@dataclass
class Inputs:
    ranges: Annotated[list[Range], Bounds(min_items=1)]
    """What to look
    at."""
    share: Annotated[float, Bounds(minimum=0, maximum=1)] = 0.5
    colour: Colour = Colour.RED
    mode: Literal["fast", "slow", 3] = "fast"
    names: set[str] = field(default_factory=set)
    weights: dict[str, float] = field(default_factory=dict)
    pair: tuple[int, ...] = ()
    rest: Any = None


@dataclass
class Tree:
    name: str
    children: list["Tree"] = field(default_factory=list)


class State(TypedDict):
    """How far the work is."""

    n: int
    """How far."""
    note: NotRequired[str]


def read(hint: Any, value: Any, **options: Any) -> Any:
    return shape_of(hint, "inputs", **options).read(value, "inputs")


class Schemas(unittest.TestCase):
    def test_a_dataclass_becomes_a_closed_object_with_its_docs(self) -> None:
        schema = schema_of(shape_of(Inputs, "inputs"))
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        self.assertEqual(schema["required"], ["ranges"])
        self.assertIs(schema["additionalProperties"], False)
        self.assertNotIn("description", schema, "the signature that `dataclass` writes is no doc text")
        self.assertEqual(
            schema["properties"],
            {
                "ranges": {
                    "type": "array",
                    "items": {"$ref": "#/$defs/Range"},
                    "minItems": 1,
                    "description": "What to look at.",
                },
                "share": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                "colour": {"enum": ["red", "blue"]},
                "mode": {"enum": ["fast", "slow", 3], "default": "fast"},
                "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                "weights": {"type": "object", "additionalProperties": {"type": "number"}},
                "pair": {"type": "array", "items": {"type": "integer"}},
                "rest": {"default": None},
            },
        )
        self.assertEqual(
            schema["$defs"]["Range"],
            {
                "type": "object",
                "description": "From one number to another.\n\nBoth are included.",
                "properties": {
                    "start": {"type": "integer", "description": "Where it starts."},
                    "end": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
                },
                "required": ["start"],
                "additionalProperties": False,
            },
        )

    def test_a_typed_dict_says_which_keys_it_needs(self) -> None:
        schema = schema_of(shape_of(State, "inputs"))
        self.assertEqual(schema["required"], ["n"])
        self.assertEqual(schema["description"], "How far the work is.")
        self.assertEqual(schema["properties"]["n"], {"type": "integer", "description": "How far."})

    def test_a_class_may_hold_itself(self) -> None:
        schema = schema_of(shape_of(Tree, "inputs"))
        self.assertEqual(schema["properties"]["children"]["items"], {"$ref": "#/$defs/Tree"})
        self.assertEqual(schema["$defs"]["Tree"]["properties"]["children"]["items"], {"$ref": "#/$defs/Tree"})
        self.assertEqual(read(Tree, {"name": "a", "children": [{"name": "b"}]}), Tree("a", [Tree("b")]))

    def test_a_type_that_json_does_not_have_is_refused_with_its_place(self) -> None:
        @dataclass
        class Odd:
            values: list[complex]

        with self.assertRaisesRegex(TypeError, r"inputs\.values\[\] has the type `complex`"):
            shape_of(Odd, "inputs")


class Reading(unittest.TestCase):
    def test_values_become_what_the_hints_say(self) -> None:
        value = {
            "ranges": [{"start": 3.0}],
            "share": 1,
            "colour": "blue",
            "names": ["a"],
            "pair": [1, 2],
            "rest": {"any": [None]},
        }
        got = read(Inputs, value)
        self.assertEqual(got.ranges, [Range(3)])
        self.assertIsInstance(got.ranges[0].start, int)
        self.assertIsInstance(got.share, float)
        self.assertEqual((got.colour, got.names, got.pair), (Colour.BLUE, {"a"}, (1, 2)))
        self.assertEqual((got.mode, got.rest), ("fast", {"any": [None]}))

    def test_what_does_not_fit_is_named_with_its_place_and_what_was_expected(self) -> None:
        good: dict[str, Any] = {"ranges": [{"start": 1}]}
        misfits: list[tuple[dict[str, Any], str]] = [
            ({"ranges": None}, "inputs.ranges does not fit: expected a list, found null"),
            ({"ranges": [{"start": 1}, {"start": "x"}]}, 'ranges[1].start does not fit: expected an integer, found the text "x"'),
            ({"ranges": [{"start": True}]}, "ranges[0].start does not fit: expected an integer, found true"),
            ({"ranges": [{}]}, "inputs.ranges[0].start does not fit: it is missing, expected an integer"),
            ({"ranges": [{"start": 1, "stop": 2}]}, "ranges[0].stop does not fit: unknown field, expected one of `start`, `end`"),
            ({"ranges": [{"start": 2, "end": 1}]}, "inputs.ranges[0] does not fit: the range from 2 to 1 is empty"),
            ({"ranges": [{"start": 1, "end": "x"}]}, "end does not fit: expected an integer or null, found the text"),
            ({"ranges": []}, "inputs.ranges does not fit: expected a list of 1 or more items, found a list"),
            ({"share": 1.5}, "inputs.share does not fit: expected a number of 1 or less, found the number 1.5"),
            ({"colour": "green"}, 'inputs.colour does not fit: expected one of "red", "blue", found the text "green"'),
            ({"weights": {"a": "b"}}, 'inputs.weights.a does not fit: expected a number, found the text "b"'),
        ]  # fmt: skip
        for change, message in misfits:
            with self.subTest(change=change), self.assertRaises(Misfit) as caught:
                read(Inputs, good | change)
            self.assertIn(message, str(caught.exception))

    def test_bounds_go_for_each_kind_of_list(self) -> None:
        two = Bounds(min_items=2)
        kinds: list[Any] = [Annotated[list[int], two], Annotated[tuple[int, ...], two], Annotated[set[int], two]]
        for bounded in kinds:
            self.assertEqual(len(read(bounded, [1, 2])), 2)
            with self.subTest(kind=bounded), self.assertRaisesRegex(Misfit, "2 or more items"):
                read(bounded, [1])

    def test_a_checkpoint_may_have_fields_that_are_not_known_any_more(self) -> None:
        self.assertEqual(read(State, {"n": 1, "old": 2}, unknown_fields="ignored"), {"n": 1})
        with self.assertRaises(Misfit):
            read(State, {"n": 1, "old": 2})
