"""`make openapi`: writes docs/openapi.json, or the file that is named, with examples from the sample household."""

import json
import sys
from pathlib import Path

from local import backend, demo
from local.template import TOP

PATH = TOP / "docs" / "openapi.json"


def document() -> str:
    """The document as it is committed. It needs an engine that has the sample."""
    # Only now, for the logger takes its level from the environment when it is imported.
    from local.contract.document import make
    from local.contract.examples import run
    from local.gateway import Gateway

    gateway = Gateway()
    return json.dumps(make(gateway, run(gateway)), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PATH
    drafts = demo.sample_drafts()
    with backend.running(0):
        demo.load(drafts)
        path.write_text(document())
    print(f"{path} is written")


if __name__ == "__main__":
    main()
