"""Doc texts of classes and their fields, which become the `description`s of a JSON Schema."""

import ast
import inspect
import textwrap
from typing import Any


def doc_of_class(cls: Any) -> str | None:
    """The class's own docstring, unless `dataclass` or `TypedDict` made it."""
    doc = cls.__dict__.get("__doc__")
    if not doc or doc.startswith(f"{cls.__name__}(") or doc.startswith("dict("):
        return None
    return _one_line_a_paragraph(doc)


def docs_of_fields(cls: Any) -> dict[str, str]:
    """The string literal below each field, as documentation tools and editors read it.

    Empty where the source is out of reach, as in an interactive session.
    """
    docs: dict[str, str] = {}
    for ancestor in reversed(_with_ancestors(cls)):
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(ancestor)))
        except (OSError, TypeError, SyntaxError):
            continue
        docs.update(_below_fields(tree.body[0]))
    return docs


def _with_ancestors(cls: Any) -> list[Any]:
    # At run time a `TypedDict` knows its ancestors only by this name.
    bases = cls.__dict__.get("__orig_bases__", cls.__bases__)
    own = [base for base in bases if isinstance(base, type) and base.__module__ not in ("builtins", "typing")]
    return [cls] + [ancestor for base in own for ancestor in _with_ancestors(base)]


def _below_fields(statement: ast.stmt) -> dict[str, str]:
    if not isinstance(statement, ast.ClassDef):
        return {}
    docs = {}
    for field, below in zip(statement.body, statement.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(doc))):
                docs[name] = _one_line_a_paragraph(doc)
    return docs


def _one_line_a_paragraph(doc: str) -> str:
    paragraphs = inspect.cleandoc(doc).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
