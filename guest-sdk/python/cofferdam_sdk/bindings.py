"""The contract as it is, without the SDK: what `componentize-py` makes from `wit/module.wit`.

Inside a component these names lead to the host. Everywhere else they raise `NotImplementedError`, except while
`cofferdam_sdk.testing.run` stands in for the host.
"""

from cofferdam_bindings.imports import job_context, types
from componentize_py_types import Err

__all__ = ["Err", "job_context", "types"]
