"""The table that an operator's command works on: that of the deployed stack STACK, else the table TABLE_NAME, else
that of `make run` on PORT.
"""

import json
import os
from functools import cache

from local import engine
from local.backend import state_file
from local.command import chosen_port


def find_table() -> str:
    """Point the standard variables to the table; returns a description of it. LookupError if there is none."""
    stack = os.environ.get("STACK")
    if stack:
        outputs = stack_outputs(stack)
        if "TableName" not in outputs:
            raise LookupError(f"STACK must name a deployed Saldo: the stack {stack} has no output TableName")
        os.environ["TABLE_NAME"] = outputs["TableName"]
        return f"table {outputs['TableName']} of the stack {stack}"
    if "TABLE_NAME" in os.environ:
        return f"table {os.environ['TABLE_NAME']}"
    port = chosen_port()
    state = state_file(port)
    if not state.exists():
        raise LookupError(f"`make run` is not running on port {port}: start it, or set STACK or TABLE_NAME")
    engine_state = json.loads(state.read_text())
    engine.use(
        engine_state["endpoint"], engine.AccessKey(engine_state["accessKeyId"], engine_state["secretAccessKey"])
    )
    os.environ["TABLE_NAME"] = engine_state["table"]
    return f"the engine of `make run` on port {port}"


@cache
def stack_outputs(stack: str) -> dict[str, str]:
    """The outputs of a deployed stack, by name."""
    import boto3

    description = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}
