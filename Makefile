# Everything here is a thin wrapper around dev/, which gets what is missing first.
# ARGS is passed on: `make test ARGS="-k merge"`, `make demo ARGS=--once`.
.DEFAULT_GOAL := help
.PHONY: help demo test test-core test-oca lint format lock docs screenshots bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## start Odoo with demo contacts, ask them, show their mails (Ctrl-C ends it)
	@./dev/python -m dev.demo $(ARGS)

test: ## run every check and every test
	@./dev/python -m dev.test $(ARGS)

test-core: ## run Odoo's own tests without the add-ons, with them and with consents enabled
	@./dev/python -m dev.test_core $(ARGS)

test-oca: ## run tests of add-ons of the community in the same three ways
	@./dev/python -m dev.test_oca $(ARGS)

lint: ## run the checks that need no database
	@./dev/python -m dev.lint $(ARGS)

format: ## rewrite the Python code as the checks want it
	@./dev/python -m ruff check --fix --quiet . || true
	@./dev/python -m ruff format .

lock: ## pin the Python packages that dev/requirements.in asks for
	@./dev/python -m dev.lock

docs: ## build the documents into a site, and the help of the add-on
	@./dev/python -m dev.docs $(ARGS)

screenshots: ## take the pictures of the documents anew, from the demo
	@./dev/python -m dev.screenshots $(ARGS)

bench: ## measure against Odoo without us, side by side in one run
	@./dev/python benchmarks/run.py $(ARGS); status=$$?; \
	./dev/python -m dev.numbers && exit $$status

clean: ## stop the database server and remove all that was made in this clone
	@./dev/clean
