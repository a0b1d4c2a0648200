.PHONY: demo test lab bench bench-terraform clean

# All of these need Debian 12 or later with Node.js 20.9 or later; nothing is installed outside of this directory.
export METAL_FABRIC_CACHE = $(CURDIR)/.cache

fetched = npm packages (./node_modules), then the parsers of FRR, nftables and ifupdown2, and shellcheck (./.cache/debian, 60 MB download), then what a virtual fabric boots from (./.cache/lab, 190 MB download)

demo:
	@echo 'demo: $(fetched)'
	tools/install
	tools/debian-tools
	tools/lab-image
	@tools/terraform-at-hand || true
	npm run --silent demo

test:
	@echo 'test: $(fetched)'
	tools/install
	tools/debian-tools
	tools/lab-image
	@if tools/terraform-at-hand; then tools/provider-mirror || [ $$? -eq 3 ]; fi
	npm run --silent check

# Every scenario of the virtual fabric, an hour of them; `make test` runs a few, LAB='dmz services' those of some files.
lab:
	@echo 'lab: $(fetched)'
	tools/install
	tools/lab-image
	@if tools/terraform-at-hand; then tools/provider-mirror || [ $$? -eq 3 ]; fi
	tools/lab $(LAB)

# How much time and memory a synthesis takes as the fabric grows: docs/performance.md. BENCH='--leaves 10,50 --rounds 1' for less.
bench:
	@echo 'bench: npm packages (./node_modules)'
	tools/install
	tools/build .cache/bench tsconfig.bench.json
	node .cache/bench/bench/scale/main.js $(BENCH)

# What Terraform takes to plan and to apply: docs/stacks.md. Starts a PostgreSQL server on loopback, and stops it again.
bench-terraform:
	@echo 'bench-terraform: npm packages (./node_modules), and PostgreSQL by apt if it is missing and this is root'
	tools/install
	@tools/terraform-at-hand
	node_modules/.bin/tsx bench/terraform.ts $(BENCH)

clean:
	@# what a virtual fabric boots from is read-only
	[ ! -d .cache ] || chmod -R u+w .cache
	rm -rf dist coverage cdktf.out .cache
