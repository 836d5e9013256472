# make run [CATALOGUE=catalogue.csv] [PHOTOS=folder] [PORT=8000], make test, make check, make bench
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/installed-$(shell cksum requirements.txt | cut -d ' ' -f 1)
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock"

.PHONY: run test check bench lock messages clean
.DEFAULT_GOAL := run

run: $(READY)
	@$(BIN)/python -m kfashion_site.launcher --port "$(PORT)" \
		$(if $(CATALOGUE),--catalogue "$(CATALOGUE)") $(if $(PHOTOS),--photos "$(PHOTOS)")

test: $(READY)
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=90

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: $(READY)
	$(BIN)/python -m benchmarks

# Locks all that pyproject.toml asks for, then the parts of it that the images hold.
lock: $(READY)
	$(LOCK) --extra dev --output-file requirements.txt
	$(LOCK) --extra heic --constraint requirements.txt --output-file requirements-serve.txt
	$(LOCK) --extra heic --extra train --constraint requirements.txt --output-file requirements-train.txt

# Collects the texts of the pages and compiles their translations; needs GNU gettext.
messages: $(READY)
	$(BIN)/python manage.py makemessages --locale ko --no-location --no-obsolete --ignore "$(VENV)" --ignore var
	$(BIN)/python manage.py compilemessages --locale ko --ignore "$(VENV)" --ignore var

# Removes the virtual environment and everything the shops of this clone have stored.
clean:
	rm -rf $(VENV) var

# The name of the stamp holds the lock's checksum: a changed lock installs again, nothing else does.
$(READY):
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "kfashion needs Python 3.11, 3.12 or 3.13; name one with PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@rm -f $(VENV)/installed-*
	@touch $@
