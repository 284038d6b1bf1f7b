# Galley: builds the tool and the mails of this site, and proves both. `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
PYTHON ?= python3
FUZZ_SECONDS ?= 20

venv := .venv
# One set of flags for everything that is built for release, so that nothing is built twice. The program lies at a fixed
# address: moving it, with its 93 000 pointers, would take longer than to inline a mail. What it loads is still moved.
release_flags := -c release --static-swift-stdlib -Xlinker -s -Xswiftc -Xclang-linker -Xswiftc -no-pie
galley := .build/release/galley
swift_sources := Sources Tests Benchmarks Fuzz Package.swift

.PHONY: all tool site test bench fuzz lint format install uninstall clean help
.PHONY: toolchain build-packages test-packages

all: site ## Install what is missing, build the tool, build the mails into dist/
	@echo "Done. The mails are in dist/ (start with dist/bundle.json), the tool is $(galley)."
	@echo "Next: 'make test' proves it all, '$(galley) --help' shows the rest."

tool: toolchain build-packages
	@scripts/step 'Building the tool' release-build $(SWIFT) build $(release_flags) --product galley

site: tool
	@echo "· Building the mails"
	@$(galley) build

test: toolchain build-packages test-packages $(venv)/.stamp-tests ## Install what the tests need, run every test
	@scripts/run-tests $(SWIFT)
	@echo "Done. The whole log is .build/logs/test.log. Next: 'make bench' for figures, docs/ for the formats."

bench: tool $(venv)/.stamp-bench ## Measure the inliner, the start of the tool and the build of the site
	@scripts/step 'Building the benchmark' bench-build $(SWIFT) build $(release_flags) --product galley-bench
	@scripts/step 'Building an empty program' empty-build $(SWIFT) build $(release_flags) --product empty-program
	@$(venv)/bin/python Benchmarks/bench.py --galley $(galley) --bench .build/release/galley-bench \
	  --empty .build/release/empty-program

fuzz: toolchain ## Look for input that breaks a lexer, a parser, the inliner or the evaluator, 20 s each (FUZZ_SECONDS)
	@SWIFT='$(SWIFT)' scripts/fuzz all $(FUZZ_SECONDS)
	@echo "Done. Nothing was found that is not known. scripts/fuzz says more about longer runs."

lint: toolchain ## Check the form of all sources (warnings are errors in every build)
	@scripts/step 'Checking Swift sources' lint-swift $(SWIFT) format lint --strict --recursive $(swift_sources)
	@scripts/step 'Checking scripts' lint-scripts scripts/check-scripts
	@echo "Done. 'make format' mends what can be mended."

format: toolchain ## Bring Swift sources into form
	@$(SWIFT) format format --in-place --parallel --recursive $(swift_sources)

install: tool ## Install the tool with its completions under PREFIX (/usr/local)
	@scripts/install-tool $(galley) '$(DESTDIR)$(PREFIX)'

uninstall: ## Remove what 'make install' put under PREFIX
	@scripts/install-tool --remove '$(DESTDIR)$(PREFIX)'

clean: ## Remove everything that was built
	@rm -rf .build .build-fuzz $(venv)
	@find dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true
	@find Tests Benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Done. Only sources are left."

help: ## Show this list
	@echo "Galley compiles e-mail templates. In this folder:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "README.md says more; '$(galley) --help' explains the tool."

toolchain:
	@command -v $(SWIFT) >/dev/null || { echo "Galley needs a Swift 6.2 toolchain or later: https://www.swift.org/install" >&2; exit 2; }

# The checks ask for what is used, not for package names, so a machine that has it from elsewhere is left alone.
build-packages:
	@pkg-config --exists libxml-2.0 2>/dev/null || scripts/install-packages libxml2-dev pkg-config

test-packages:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || scripts/install-packages python3 python3-venv
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || scripts/install-packages --optional chromium
	@command -v node >/dev/null || command -v nodejs >/dev/null || scripts/install-packages --optional nodejs
	@test -e /usr/share/javascript/handlebars/handlebars.js || scripts/install-packages --optional libjs-handlebars
	@command -v tsc >/dev/null || scripts/install-packages --optional node-typescript
	@command -v go >/dev/null || scripts/install-packages --optional golang-go
	@/usr/bin/python3 -c 'import icu' 2>/dev/null || scripts/install-packages --optional python3-icu
	@command -v fc-list >/dev/null && fc-list | grep -q Liberation \
	  || scripts/install-packages --optional fontconfig fonts-liberation fonts-dejavu-core fonts-noto-color-emoji

# A stamp holds the requirements it was made from; the environment is made again when they change.
$(venv)/.stamp-tests: Tests/Judges/requirements.txt | test-packages
	@scripts/python-environment $(PYTHON) $(venv) $< $@

$(venv)/.stamp-bench: Benchmarks/requirements.txt | test-packages
	@scripts/python-environment $(PYTHON) $(venv) $< $@
