"""Says that the API is there. It needs no key, may touch nothing, and so tells nothing else."""

from saldo.aws.request import Request
from saldo.aws.web import Answer, Api, answer

api = Api()


@api.route("GET", "/health", scope=None)
def health(request: Request) -> Answer:
    return answer(200, {"status": "ok"})
