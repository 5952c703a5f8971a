# Two commands do all the set-up on a bare Debian with python3, git and make:
#   make demo    the main job on the sample year
#   make test    every check
PYTHON ?= python3
VENV := .venv/bin

# A bare Debian has no locale set. Chinese must be printed, and LibreOffice must find files with
# Chinese names, all the same.
export PYTHONUTF8 := 1
ifeq ($(LC_ALL)$(LC_CTYPE)$(LANG),)
export LC_ALL := C.UTF-8
endif

.DEFAULT_GOAL := help
.PHONY: help demo test check prove lint format setup setup-dev debian-tests lock clean

help: ## 列出這些指令 (this list)
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: setup ## 以範例年度跑完整個流程 (the whole job on the sample year)
	@$(VENV)/xltool demo

# pytest comes last, so that its closing line is the last line.
test: debian-tests lint ## 全部檢查與測試，含 LibreOffice (every check)
	@$(VENV)/pytest --numprocesses=2

check: lint ## 快速檢查，不需要 LibreOffice (what needs no LibreOffice)
	@$(VENV)/pytest -m "not libreoffice"

EXAMPLES ?= 300
SEED := $(or $(SEED),$(shell date +%s))
prove: setup-dev ## 以大量隨機填寫與毀損檔證明「填的都不會遺失、壞檔不影響其他、結論與計畫相符」；EXAMPLES=300 SEED=1 (many random returns, damaged files and years)
	@echo "▸ SEED=$(SEED)"
	@XLTOOL_PROVE=$(EXAMPLES) XLTOOL_SEED=$(SEED) $(VENV)/pytest -m "not libreoffice" --hypothesis-seed=$(SEED) \
		tests/end_to_end/test_conservation.py tests/intake/test_conservation.py \
		tests/end_to_end/test_nothing_typed_is_lost_on_the_way_back.py \
		tests/intake/test_mutations.py tests/rules/test_law.py

lint: setup-dev ## 只跑格式、型別與分層檢查 (linters, types, layers)
	@$(VENV)/ruff check --quiet
	@$(VENV)/ruff format --check --quiet
	@$(VENV)/mypy --strict --no-error-summary
	@$(VENV)/lint-imports --no-logo

format: setup-dev ## 排版程式碼 (format the code)
	@$(VENV)/ruff check --quiet --fix-only
	@$(VENV)/ruff format

setup: ## 建立 .venv，足以執行 xltool (a .venv that runs xltool)
	@$(PYTHON) tools/bootstrap.py

setup-dev: ## 建立 .venv，足以開發 (a .venv to work in)
	@$(PYTHON) tools/bootstrap.py --dev

# Without LibreOffice its tests are skipped, each saying so; in CI that is a failure.
debian-tests:
	@tools/debian-packages.sh tests || { [ -z "$$CI" ] && \
		echo "▸ 略過需要 LibreOffice 的測試 (skipping the tests that need LibreOffice)"; }

# uv is the one tool that locks for Linux and Windows at once; nothing else needs it.
UV := 0.13.9
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/python -m uv pip compile --quiet \
	--universal --python-version 3.11 --generate-hashes --no-config pyproject.toml --group build
lock: ## 重新鎖定套件版本；UPGRADE=1 取用最新版 (lock packages anew)
	@$(PYTHON) tools/bootstrap.py --venv-only
	@$(VENV)/python -m pip install --quiet uv==$(UV)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements/runtime.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --constraint requirements/runtime.txt \
		--output-file requirements/dev.txt

clean: ## 刪除 .venv 與暫存檔 (remove .venv and caches)
	@rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find xltool tests tools -name __pycache__ -prune -exec rm -rf {} +
