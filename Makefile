# Everything a user or CI needs. `make help` lists it.

VENV := .venv
BIN := $(VENV)/bin
# The newest Python that really runs (a shim may be there without one behind it); looked for when it is needed.
PYTHON = $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)

# The Python of Lambda itself: on the PATH, of pyenv, or of uv.
PYTHON313 = $(shell for name in python3.13 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
	"$$(uv python find 3.13 2>/dev/null)"; do \
	$$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && { echo $$name; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help run test engine-test lint validate build build-test rie-test start-api sam-test deploy-test links-test openapi key scheme bench fuzz clean

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/ready  ## the API on http://127.0.0.1:3000 with a sample household (PORT=, SAMPLE=)
	@exec $(BIN)/python -m local.run

test: $(VENV)/ready  ## the tests
	@$(BIN)/python -m pytest -q -n 2

engine-test: $(VENV)/ready  ## the tests that need an engine that is right under threads
	@$(BIN)/python -m pytest -q -m engine

lint: $(VENV)/ready  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy layers/saldo/saldo local tests
	@for app in functions/*/app.py; do $(BIN)/mypy --no-error-summary $$app || exit 1; done

validate: $(VENV)-sam/ready  ## what SAM itself thinks of template.yaml
	@env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 \
		$(VENV)-sam/bin/sam validate --lint --template template.yaml

build: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## functions and layer for Lambda, in .aws-sam (ARCHITECTURE=x86_64)
	@ARCHITECTURE=$(ARCHITECTURE) $(BIN)/python -m local.build

build-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## what is built, run on the Python of Lambda
	@$(BIN)/python -m pytest -q -m build

rie-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## what is built, under AWS's runtime interface emulator (Linux)
	@$(BIN)/python -m pytest -q -m emulator

start-api: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## what is built, in containers of SAM (Docker), on http://127.0.0.1:3000
	@exec $(BIN)/python -m local.sam

sam-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## what is built, in containers of SAM (Docker)
	@$(BIN)/python -m pytest -q -m sam

deploy-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready $(VENV)-deploy/ready  ## the whole stack, deployed on this machine (ministack, IAM enforced)
	@$(BIN)/python -m pytest -q -m deploy

links-test: $(VENV)-links/ready  ## presigned links, on an S3 that checks them (SeaweedFS)
	@$(VENV)-links/bin/python -m pytest -q -m links

openapi: $(VENV)/ready  ## the contract document: docs/openapi.json, from the code
	@$(BIN)/python -m local.contract

key: $(VENV)/ready  ## an API key: TENANT=acme SCOPES="transactions:read" (EXPIRES=, STACK=)
	@exec $(BIN)/python -m local.key

scheme: $(VENV)/ready  ## a scheme of a tenant's own: TENANT=acme FILE=scheme.json (STACK=)
	@exec $(BIN)/python -m local.scheme

bench: $(VENV)-bench/ready .bench/dynalite/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## how fast it is, beside what one would use instead (half an hour; ITEMS="1 2")
	@$(MAKE) --no-print-directory build ARCHITECTURE=$(shell uname -m | sed 's/aarch64/arm64/')
	@$(VENV)-bench/bin/python -m tests.bench $(ITEMS)
	@$(VENV)-bench/bin/python -m tests.bench.rules

fuzz: $(VENV)-fuzz/ready  ## what no test thought of, for the readers of statements (SECONDS=60)
	@$(VENV)-fuzz/bin/python -m tests.fuzz.statements -max_total_time=$(or $(SECONDS),60)

clean:  ## what was set up or made
	@rm -rf $(VENV) $(VENV)-sam $(VENV)-bench $(VENV)-fuzz $(VENV)-links $(VENV)-lambda $(VENV)-deploy .run .aws-sam .bench .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The engine for reads at scale, which is JavaScript (Node 20, npm).
.bench/dynalite/ready: Makefile
	@npm install --silent --no-save --prefix $(@D) 'dynalite@4.0.0' >/dev/null
	@touch $@

NEEDED = Python 3.11 or newer

# What each environment holds. What Saldo is compared with is heavy, atheris has no wheels for every machine, and SAM
# pins much of what it uses: these live apart, and are made when they are asked for.
$(VENV)/ready: HOLDS = --editable '.[dev]'
$(VENV)-bench/ready: HOLDS = --editable '.[dev,bench]'
$(VENV)-links/ready: HOLDS = --editable '.[dev,links]'
$(VENV)-fuzz/ready: HOLDS = --editable '.[dev,fuzz]'
$(VENV)-lambda/ready: HOLDS = 'boto3>=1.40,<2' 'awslambdaric>=4,<5'
$(VENV)-lambda/ready: PYTHON = $(PYTHON313)
$(VENV)-lambda/ready: NEEDED = Python 3.13, the one of Lambda,
$(VENV)-deploy/ready: HOLDS = 'ministack[full]$(shell sed -n 's/.*"ministack\(==[0-9.]*\)".*/\1/p' pyproject.toml)' 'boto3>=1.40,<2'
$(VENV)-deploy/ready: PYTHON = $(PYTHON313)
$(VENV)-deploy/ready: NEEDED = Python 3.13, the one of Lambda,
$(VENV)-sam/ready: HOLDS = 'aws-sam-cli>=1.150,<2'

$(VENV)/ready $(VENV)-bench/ready $(VENV)-fuzz/ready $(VENV)-links/ready: pyproject.toml layers/saldo/requirements.txt
$(VENV)-deploy/ready: pyproject.toml
$(VENV)-sam/ready $(VENV)-lambda/ready $(VENV)-deploy/ready: Makefile
$(VENV)/ready $(VENV)-bench/ready $(VENV)-fuzz/ready $(VENV)-links/ready $(VENV)-sam/ready $(VENV)-lambda/ready $(VENV)-deploy/ready:
	@test -n '$(PYTHON)' || { echo 'saldo: $(NEEDED) is needed and was not found' >&2; exit 1; }
	@echo 'setting up $(@D) (once, about a minute)'
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check $(HOLDS)
	@touch $@
