# make run    set up, then run the default study      make test    set up, then test
IS_PYTHON := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3.12 python3.13 python3; do \
  "$$name" $(IS_PYTHON) && echo "$$name" && exit; done; echo python3)
endif
# The cores that this process may use, where the system says that.
CORES ?= $(shell $(PYTHON) -c 'import os; allowed = getattr(os, "sched_getaffinity", None); \
  print(len(allowed(0)) if allowed else os.cpu_count())')
CONFIG ?= config.yaml
STUDY ?=
GPUS ?= 1
GPU ?= A100
OWN ?= own
# Of make real: whether you accept Gemma's terms (https://ai.google.dev/gemma/terms); --dry-run to plan.
ACCEPT_GEMMA ?=
DRY ?=
KILLS ?= 100
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
# An environment is set up again when its pins change, and not for being older than a checkout.
PINS := $(shell cat envs/requirements.txt envs/constraints.txt | cksum | tr -d ' ')
SET_UP := $(shell cat $(READY) 2>/dev/null)

.PHONY: run real setup again list compare look watch new power register calibrate test test-slurm \
  test-environments test-benchmarks \
  crash lint bench plan forecast clean help

help:
	@echo "make run    run the first study, or STUDY=NAME; ends in its report (CORES=$(CORES))"
	@echo "make real   the studies on real language models, one after another (docs/real.md);" \
	  "ACCEPT_GEMMA=true adds those that need Gemma, DRY=--dry-run plans alone"
	@echo "make plan   say which jobs would run, why, and for how long"
	@echo "make compare A=… B=…   two finished studies side by side: settings and accuracies"
	@echo "make watch  show a running study: what waits, runs, is done or failed, and the losses"
	@echo "make list   list the tasks, variants, claims and figures that a configuration can name"
	@echo "make look   show prompts, predictions and what was read: STUDY=a_name VARIANT=a_name ROWS=5"
	@echo "make new    begin one of your own: KIND=task|variant|figure|claim NAME=a_name"
	@echo "make power  say which effect each claim can find with this grid, and what would find less"
	@echo "make register   write down claims, criteria and grid before the data: registered/STUDY.yaml"
	@echo "make calibrate  simulate how often the claims' verdicts are false: docs/calibration.md"
	@echo "make forecast   say what it would cost on a cluster (GPUS=$(GPUS) of GPU=$(GPU))"
	@echo "make test   run the tests; those that need a SLURM on this machine: make test-slurm"
	@echo "make test-environments   build those of envs/ and run every stage in its own; some minutes"
	@echo "make test-benchmarks   try every benchmark at a scale that shows nothing; some minutes"
	@echo "make crash  kill the smoke study KILLS=$(KILLS) times and see that nothing is lost; half an hour"
	@echo "make lint   check the code's and the rules' style"
	@echo "make bench  measure the training stage beside a plain trainer script"

run: $(READY)
	@$(BIN)/python workflow_scripts/run.py check_yaml $(CONFIG)
	@echo "Running $(CONFIG) on $(CORES) cores; each job writes its progress under logs/."
	@if [ -t 1 ]; then bars="--logger rich"; fi; \
	  $(BIN)/snakemake $(STUDY) --cores $(CORES) --configfile $(CONFIG) --quiet rules $$bars
	@$(BIN)/python workflow_scripts/run.py reports --configfile $(CONFIG) --study $(STUDY)

# A study that was interrupted goes on where it was; one that fails does not stop the next.
real: $(READY)
	@failed=0; \
	run() { echo "make real: the study $$1 of configs/real/$$2.yaml"; \
	  $(BIN)/snakemake "$$1" --cores $(CORES) --configfile "configs/real/$$2.yaml" $(DRY) \
	    --quiet rules $${3:+--config "models={$$3: {accept_terms: true}}"} || failed=1; }; \
	leave() { echo "make real leaves out the study $$1: $$2."; }; \
	terms="Gemma's terms are not accepted (read https://ai.google.dev/gemma/terms; ACCEPT_GEMMA=true)"; \
	run explanations explanations; \
	run addition explanations; \
	if [ "$(ACCEPT_GEMMA)" = true ]; then run sizes explanations language-model-268m; \
	else leave sizes "$$terms"; fi; \
	if [ -d data/ren2024/ECQA ]; then run familiarity familiarity; \
	else leave familiarity "there is no data/ren2024/ECQA (configs/ren2024.yaml says where it is from)"; fi; \
	if [ ! -d data/entity_questions/train ]; then leave knowledge \
	  "there is no data/entity_questions/train (configs/ye2024.yaml says where it is from)"; \
	elif [ "$(ACCEPT_GEMMA)" = true ]; then run knowledge knowledge gemma-3-270m; \
	else leave knowledge "$$terms"; fi; \
	exit $$failed

plan: $(READY)
	@$(BIN)/python workflow_scripts/run.py plan $(STUDY) --cores $(CORES) --configfile $(CONFIG)

forecast: $(READY)
	@$(BIN)/python workflow_scripts/run.py forecast --gpus $(GPUS) --gpu $(GPU) \
	  --cores $(CORES) --configfile $(CONFIG)

power: $(READY)
	@$(BIN)/python workflow_scripts/run.py power --cores $(CORES) --configfile $(CONFIG)

register: $(READY)
	@$(BIN)/python workflow_scripts/run.py register --cores $(CORES) --configfile $(CONFIG)

calibrate: $(READY)
	@$(BIN)/python workflow_scripts/run.py calibrate --cores $(CORES) --output docs/calibration.md

compare: $(READY)
	@$(BIN)/python workflow_scripts/run.py compare "$(A)" "$(B)" $(if $(OUTPUT),--output "$(OUTPUT)")

look: $(READY)
	@$(BIN)/python workflow_scripts/run.py look --configfile $(CONFIG) \
	  $(if $(STUDY),--study $(STUDY)) $(if $(VARIANT),--variant $(VARIANT)) $(if $(ROWS),--rows $(ROWS))

watch: $(READY)
	@$(BIN)/python workflow_scripts/run.py watch --configfile $(CONFIG)

list: $(READY)
	@$(BIN)/python workflow_scripts/run.py list --own $(OWN)

new: $(READY)
	@$(BIN)/python workflow_scripts/run.py new $(KIND) $(NAME) --own $(OWN)

test: $(READY)
	@echo "Running the tests; 10 to 15 minutes on 2 cores. Left out: make test-slurm," \
	  "make test-environments, make test-benchmarks."
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile \
	  --no-loadscope-reorder

# One at a time: they take nodes from each other, and restart SLURM's daemons.
test-slurm: $(READY)
	@echo "Running the tests on a real SLURM; some minutes."
	@$(BIN)/python -m pytest -m slurm tests/slurm

test-environments: $(READY)
	@echo "Building the environments of envs/ and running every stage in its own; some minutes."
	@$(BIN)/python -m pytest -m environments tests/environments

test-benchmarks: $(READY)
	@echo "Trying every benchmark at a scale that shows nothing; some minutes."
	@$(BIN)/python -m pytest -m benchmarks tests/benchmarks

crash: $(READY)
	@$(BIN)/python tests/crash.py --kills $(KILLS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check .
	$(BIN)/codespell
	$(BIN)/basedpyright
	PYTHONPATH=workflow_scripts $(BIN)/lint-imports --no-cache
	$(BIN)/snakemake --lint

bench: $(READY)
	@$(BIN)/python benchmarks/fine_tuning.py

setup: $(READY)

ifneq ($(SET_UP),$(PINS))
$(READY): again
endif
$(READY):
	@echo "Setting up $(VENV) with the pinned packages; some minutes, once."
	@"$(PYTHON)" $(IS_PYTHON) || { echo "Showhow needs Python 3.11, 3.12 or 3.13; name one with:" \
	  "make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet -r envs/requirements.txt -c envs/constraints.txt
	@echo $(PINS) > $@

clean:
	rm -rf $(VENV) .snakemake logs
