"""What is particular about Python inside a component.

A component is a snapshot of an interpreter that has imported the module. Afterwards there are no files: what was not
imported by then cannot be imported any more, and no source can be read.
"""

import ast
import importlib
import importlib.util
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

INSIDE = sys.platform == "wasi"

_BUILD_FOLDER = re.compile(r"/\d+/")
"""Where the folders of `--python-path` were mounted: `/0/`, `/1/` and so on."""

_IMPORTED_BY_NAME = (
    # By the interpreter itself, when `strptime` is called.
    "_strptime",
    # Codecs, when they are first used.
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.iso8859_15",
    "encodings.latin_1",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "encodings.utf_8_sig",
)

_USELESS_INSIDE = {
    *("argparse", "asyncio", "doctest", "getopt", "importlib.metadata", "multiprocessing", "optparse", "pdb", "pydoc"),
    *("shutil", "socket", "ssl", "subprocess", "tempfile", "threading", "tracemalloc", "unittest", "urllib.request"),
    *("urllib.error", "webbrowser", "http.client", "importlib.readers", "_aix_support", "_osx_support", "nt"),
}
"""What the standard library would import for command lines, for servers, or on other systems."""


def prepare() -> None:
    """Imports what functions would import when they are called, and keeps sources for stack traces."""
    for name in _IMPORTED_BY_NAME:
        importlib.import_module(name)
    seen: set[str] = set()
    # What was imported for the sake of a function may have such functions, too; two rounds find all that matters.
    for _ in range(2):
        for module in [module for name, module in sys.modules.items() if name not in seen]:
            _import_for_functions_of(module)
        seen = set(sys.modules)
    for module in list(sys.modules.values()):
        _keep_source(module)


def _import_for_functions_of(module: ModuleType) -> None:
    file = getattr(module, "__file__", None) or ""
    own = bool(_BUILD_FOLDER.match(file))
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for name in set(imports_in_functions(tree, module.__package__ or "")):
        if name in sys.modules or (name in _USELESS_INSIDE and not own):
            continue
        try:
            importlib.import_module(name)
        except Exception:  # An optional package, or one for another system: its function will say so.
            continue


def imports_in_functions(tree: ast.AST, package: str) -> Iterator[str]:
    """The names of the modules that functions import when they are called."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for statement in ast.walk(function):
            match statement:
                case ast.Import(names):
                    yield from (alias.name for alias in names)
                case ast.ImportFrom(module, names, level):
                    base = importlib.util.resolve_name("." * level + (module or ""), package)
                    yield base
                    # A name may be a module of a package, or anything else: then its import fails and is passed over.
                    if level and not module:
                        yield from (f"{base}.{alias.name}" for alias in names)


def _keep_source(module: ModuleType) -> None:
    file = getattr(module, "__file__", None) or ""
    if _BUILD_FOLDER.match(file):
        lines = linecache.getlines(file)
        # Without a time of change `linecache` does not look whether the file is still there.
        linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


def readable(trace: str) -> str:
    """A stack trace without the folders that only existed while the component was built."""
    return re.sub(r'(?m)^(  File ")/\d+/', r"\1", trace) if INSIDE else trace


def hint_for(error: BaseException) -> str:
    """What to do about an exception that looks different inside a component."""
    if INSIDE and isinstance(error, ModuleNotFoundError):
        return ": a component holds only what was imported while it was built, so import it at the top of the file"
    if INSIDE and isinstance(error, LookupError) and "unknown encoding" in str(error):
        return (
            ": a component holds only codecs that were imported while it was built, so import `encodings.…` by its name"
        )
    if isinstance(error, MemoryError):
        return ": the memory limit of the job is reached"
    if isinstance(error, SystemExit):
        return ": a module ends by returning from its function or by raising `cofferdam_sdk.Failure`"
    return ""
