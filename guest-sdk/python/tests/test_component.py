import ast
import textwrap
import unittest

from cofferdam_sdk._component import hint_for, imports_in_functions


class Imports(unittest.TestCase):
    def test_what_functions_import_when_they_are_called_is_found(self) -> None:
        source = """
            import at_the_top
            def function():
                import plain, plain.part as alias
                from other import name
                def inner():
                    from . import sibling
                from ..up import thing
            class Class:
                async def method(self):
                    import in_method
        """
        names = set(imports_in_functions(ast.parse(textwrap.dedent(source)), "one.two"))
        self.assertEqual(names, {"plain", "plain.part", "other", "one.two", "one.two.sibling", "one.up", "in_method"})


class Hints(unittest.TestCase):
    def test_running_out_of_memory_is_named(self) -> None:
        self.assertIn("memory limit", hint_for(MemoryError()))
        self.assertEqual(hint_for(ValueError()), "")
