# Every command that a user or CI needs. `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
LOCK := local/requirements-dev.lock
# The newest Python that runs; pyenv has shims for versions that are not installed. Looked up only when needed.
PYTHON = $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)

# Python 3.13, the version of Lambda: from the PATH, from pyenv or from uv.
PYTHON313 = $(shell for name in python3.13 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
	"$$(uv python find 3.13 2>/dev/null)"; do \
	$$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && { echo $$name; break; }; done)

# Packages are installed without being compiled, so Python must keep what it compiles, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test engine-test faults-test lint validate check build build-test rie-test start-api sam-test deploy-test links-test \
	openapi contract-test ui-test key scheme erase-again bench load fuzz lock clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/ready  ## Serve the API on http://127.0.0.1:3000 with a sample household (PORT=, SAMPLE=)
	@exec $(BIN)/python -m local.run

test: $(VENV)/ready  ## Run the tests
	@$(BIN)/python -m pytest -q -n 3 --dist loadgroup

engine-test: $(VENV)/ready  ## Run the tests that need an engine that is correct under threads (ministack)
	@$(BIN)/python -m pytest -q -m engine

faults-test: $(VENV)/ready  ## Let every request to an engine fail in every way, and the process die at each (minutes)
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m faults

lint: $(VENV)/ready  ## Check style, types and the template
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/cfn-lint --non-zero-exit-code informational template.yaml
	@$(BIN)/mypy layers/saldo/saldo cli local tests
	@for app in functions/*/app.py; do $(BIN)/mypy --no-error-summary $$app || exit 1; done

validate: $(VENV)-sam/ready  ## Check template.yaml with SAM
	@env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 \
		$(VENV)-sam/bin/sam validate --lint --template template.yaml

check: $(VENV)-checkov/ready  ## Look for weak settings in template.yaml and the workflow (checkov; .checkov.yaml says what is left out)
	@$(VENV)-checkov/bin/checkov --config-file .checkov.yaml

build: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Build the functions and the layer for Lambda in .aws-sam (ARCHITECTURE=x86_64; default arm64)
	@ARCHITECTURE=$(ARCHITECTURE) $(BIN)/python -m local.build

build-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Build, and test the result on the Python of Lambda
	@$(BIN)/python -m pytest -q -m build

rie-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Build, and test the result under the Lambda runtime interface emulator (Linux)
	@$(BIN)/python -m pytest -q -m emulator

start-api: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Build, and serve the result from SAM's containers on http://127.0.0.1:3000 (Docker)
	@exec $(BIN)/python -m local.sam

sam-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Build, and test the result in SAM's containers (Docker)
	@$(BIN)/python -m pytest -q -m sam

deploy-test: $(VENV)/ready $(VENV)-sam/ready $(VENV)-lambda/ready $(VENV)-deploy/ready  ## Deploy the whole stack on this machine (ministack, IAM enforced) and test it
	@$(BIN)/python -m pytest -q -m deploy

links-test: $(VENV)-links/ready  ## Test presigned links on an S3 that verifies them (SeaweedFS)
	@$(VENV)-links/bin/python -m pytest -q -m links

openapi: $(VENV)/ready  ## Write the contract document, docs/openapi.json, from the code
	@$(BIN)/python -m local.contract

contract-test: $(VENV)-contract/ready .contract/ready  ## Lint the contract document, generate requests and clients from it, and run them (Node 20)
	@$(VENV)-contract/bin/python -m pytest -q -m contract

ui-test: $(VENV)-ui/ready .ui/ready  ## Test the console in a browser (Debian's Chromium, Node 20)
	@$(VENV)-ui/bin/python -m pytest -q -m ui

key: $(VENV)/ready  ## Make an API key: TENANT=acme SCOPES="transactions:read" (EXPIRES=, TIER=, STACK=)
	@exec $(BIN)/python -m saldo_cli.make key

scheme: $(VENV)/ready  ## Check and store a tenant's own scheme: TENANT=acme FILE=scheme.json (STACK=)
	@exec $(BIN)/python -m saldo_cli.make scheme

erase-again: $(VENV)/ready  ## Erase in a restored table whom the live one has erased since: TABLE=restored (STACK=)
	@exec $(BIN)/python -m saldo_cli.make erase-again

bench: $(VENV)-bench/ready .bench/dynalite/ready $(VENV)-sam/ready $(VENV)-lambda/ready  ## Measure Saldo beside the usual alternatives (half an hour; ITEMS="1 2")
	@$(MAKE) --no-print-directory build ARCHITECTURE=$(shell uname -m | sed 's/aarch64/arm64/')
	@$(VENV)-bench/bin/python -m tests.bench $(ITEMS)
	@$(VENV)-bench/bin/python -m tests.bench.rules

load: $(VENV)-bench/ready $(VENV)-load/ready  ## Call the API from 8, 32 and 128 clients at once (four minutes)
	@$(VENV)-bench/bin/python -m tests.bench.load

fuzz: $(VENV)-fuzz/ready  ## Fuzz the readers of statements (SECONDS=60)
	@$(VENV)-fuzz/bin/python -m tests.fuzz.statements -max_total_time=$(or $(SECONDS),60)

lock: $(VENV)-lock/ready  ## Update the locked development dependencies to their newest versions
	@$(VENV)-lock/bin/python -m local.lock

clean:  ## Remove everything that these commands set up or made
	@rm -rf $(VENV) $(VENV)-* .run .aws-sam .bench .contract .ui .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The engine for reads at scale, written in JavaScript (needs Node 20 and npm).
.bench/dynalite/ready: Makefile
	@npm install --silent --no-save --prefix $(@D) 'dynalite@4.0.0' >/dev/null
	@touch $@

# The linter of the contract document, and the generator of TypeScript types with their compiler.
.contract/ready: Makefile
	@npm install --silent --no-save --prefix $(@D) '@redocly/cli@2.77.0' 'openapi-typescript@7.13.0' \
		'typescript@5.9.3' >/dev/null
	@touch $@

# What finds barriers on a page, and what checks the types of its modules against the contract document.
.ui/ready: Makefile
	@npm install --silent --no-save --prefix $(@D) 'axe-core@4.14.1' 'openapi-typescript@7.13.0' \
		'typescript@5.9.3' >/dev/null
	@touch $@

# Which sections of the lock each environment holds; those with dev hold Saldo itself too. The libraries of the bench
# are large, atheris has no wheels for some machines, and SAM and checkov pin other versions than dev: these are kept
# apart, and set up when first needed.
$(VENV)/ready: SECTIONS = dev
$(VENV)-bench/ready: SECTIONS = dev bench
$(VENV)-links/ready: SECTIONS = dev links
$(VENV)-contract/ready: SECTIONS = dev contract
$(VENV)-ui/ready: SECTIONS = dev ui
$(VENV)-fuzz/ready: SECTIONS = dev fuzz
$(VENV)-lambda/ready: SECTIONS = lambda
$(VENV)-deploy/ready: SECTIONS = deploy
$(VENV)-sam/ready: SECTIONS = sam
$(VENV)-checkov/ready: SECTIONS = checkov
$(VENV)-load/ready: SECTIONS = load

NEEDED = Python 3.11 or newer
$(VENV)-lambda/ready $(VENV)-deploy/ready: override PYTHON = $(PYTHON313)
$(VENV)-lambda/ready $(VENV)-deploy/ready: NEEDED = Python 3.13, the version of Lambda,
SET_UP = @test -n '$(PYTHON)' || { echo 'saldo: $(NEEDED) is needed and was not found' >&2; exit 1; }; \
	echo 'setting up $(@D) (once, up to a minute)' && $(PYTHON) -m venv --clear $(@D)
# Compiling all packages would take a third of the set-up; Python compiles those that are used. The packages for Lambda
# are compiled, because start-api copies them into the image of the runtime.
COMPILE = --no-compile
$(VENV)-lambda/ready: COMPILE = --compile
PIP = @$(@D)/bin/python -m pip --disable-pip-version-check install -qq --no-deps $(COMPILE)

$(VENV)/ready $(VENV)-bench/ready $(VENV)-fuzz/ready $(VENV)-links/ready $(VENV)-contract/ready $(VENV)-ui/ready: pyproject.toml layers/saldo/requirements.txt
$(VENV)/ready $(VENV)-bench/ready $(VENV)-fuzz/ready $(VENV)-links/ready $(VENV)-contract/ready $(VENV)-ui/ready \
		$(VENV)-sam/ready $(VENV)-checkov/ready $(VENV)-load/ready $(VENV)-lambda/ready $(VENV)-deploy/ready: $(LOCK)
	$(SET_UP)
	@awk '/^## / {wanted = index(" $(SECTIONS) ", " " $$2 " ")} wanted' $(LOCK) >$(@D)/requirements.txt
	$(PIP) --require-hashes -r $(@D)/requirements.txt
	$(if $(filter dev,$(SECTIONS)),$(PIP) --no-build-isolation --editable .)
	@touch $@

# uv makes the lock, so it cannot come from it.
$(VENV)-lock/ready: Makefile
	$(SET_UP)
	$(PIP) 'uv>=0.13,<1'
	@touch $@
