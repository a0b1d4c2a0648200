.PHONY: demo test clean

# Both need Debian 12 or later with Node.js 20.9 or later; nothing is installed outside of this directory.

demo:
	@echo 'demo: npm packages (./node_modules), then the parsers of FRR, nftables and ifupdown2 (./.cache/debian, 50 MB download)'
	tools/install
	tools/debian-tools
	@tools/terraform-at-hand || true
	npm run --silent demo

test:
	@echo 'test: npm packages (./node_modules), then the parsers of FRR, nftables and ifupdown2 (./.cache/debian, 50 MB download)'
	tools/install
	tools/debian-tools
	@if tools/terraform-at-hand; then tools/null-provider-mirror || [ $$? -eq 3 ]; fi
	npm run --silent check

clean:
	rm -rf dist coverage cdktf.out .cache
