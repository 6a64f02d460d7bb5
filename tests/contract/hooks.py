"""Hooks of schemathesis: most ids in paths are those of the document's examples, which exist."""

import schemathesis
from hypothesis import strategies as st

# One path of this many is random.
_ONE_OF = 8


@schemathesis.hook
def before_generate_path_parameters(
    context: schemathesis.HookContext, strategy: st.SearchStrategy
) -> st.SearchStrategy:
    parameters = context.operation.definition.raw["parameters"]
    examples = {parameter["name"]: parameter["example"] for parameter in parameters if parameter["in"] == "path"}
    return st.one_of(*[st.just(examples)] * (_ONE_OF - 1), strategy)
