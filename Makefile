# Set-up, build and checks of Rampart. Every target first installs what is missing (set-up/) and builds what is out of
# date, so a fresh clone needs no step before it; a second run finds nothing to do.
#
#   make build    everything bin/rampart needs, under build/
#   make demo     the main job, on real namespaces and packets (root)
#   make test     all tests (root); JEST_FLAGS are handed on
#   make soak     an agent under chaos for SOAK_SECONDS (root; 600 unless given); SEED does the same once more
#   make lint     format, lint rules and types, without building
#   make docs     the pages under docs/ that are made from the code's own tables
#   make bench    the benchmarks (root); ROWS names some of them, RUNS says how many runs of each
#   make bench-accounts  a thousand accounts under one agent (root), or ACCOUNTS of them: time and memory
#   make fuzz     the tests with random cases, FUZZ_RUNS of them a property
#   make test-kernels  the suites that depend on the kernel, on Debian's 6.1 and 6.12 in virtual machines (root);
#                 KERNELS and TESTS name some of them
#   make clean    removes build/ and nothing else

.DELETE_ON_ERROR:
.SHELLFLAGS := -eu -c
.PHONY: build demo test test-kernels soak lint docs bench bench-accounts bench-build fuzz clean debian-packages debian-demo-packages debian-test-packages debian-kernels-packages node-version

bin := node_modules/.bin
installed := node_modules/.package-lock.json
addon := build/stamp/addon
scripts := build/stamp/scripts
grammar := build/grammar/wirefilter.js
programs := $(patsubst bpf/%.bpf.c,build/bpf/%.o,$(wildcard bpf/*.bpf.c))

# Folders are listed with the files: their times show that a file was removed.
sources := $(shell find src -name '*.ts' -o -type d)
bench_scripts := build/stamp/bench
bench_programs := build/bench/meter build/bench/send build/bench/timed
machine := $(shell uname -m | sed -e 's/x86_64/x86/' -e 's/aarch64/arm64/')

FUZZ_RUNS ?= 20000
ROWS ?=
RUNS ?= 5
ACCOUNTS ?= 1000
JEST_FLAGS ?=
KERNELS ?= 6.1,6.12
TESTS ?=

build: $(addon) $(grammar) $(scripts) $(programs)

demo: build | debian-demo-packages
	@node build/js/demo/main.js

test: build $(bench_programs) | debian-test-packages
	$(bin)/jest $(JEST_FLAGS)

comma := ,
test-kernels: build | debian-kernels-packages
	@set-up/kernels.sh $(subst $(comma), ,$(KERNELS))
	@KERNELS="$(KERNELS)" TESTS="$(TESTS)" test/virtual-machine/test-kernels.sh

soak: build | debian-test-packages
	$(bin)/jest --testMatch='**/test/soak/*.soak.ts' --runInBand --forceExit $(JEST_FLAGS)

lint: $(installed)
	$(bin)/biome check .
	$(bin)/tsc -p tsconfig.json --noEmit
	$(bin)/tsc -p test/tsconfig.json --noEmit

docs: build
	@node build/js/documentation/main.js

# With the memory that bin/rampart has. What a row's own checks leave is collected before its clock starts (--expose-gc).
bench: bench-build
	@node --max-semi-space-size=32 --expose-gc build/bench/bench/main.js --runs $(RUNS) $(ROWS)

bench-accounts: bench-build
	@node --max-semi-space-size=32 --expose-gc build/bench/bench/accounts/main.js --accounts $(ACCOUNTS)

bench-build: build $(bench_scripts) $(bench_programs) | debian-test-packages

fuzz: build | debian-test-packages
	FUZZ_RUNS=$(FUZZ_RUNS) $(bin)/jest --testTimeout=3600000 $(JEST_FLAGS) $$(grep -rlE --include='*.test.ts' "fast-check|/fuzz'" test)

clean:
	rm -rf build

# The checks run every time (some 30 ms): a stamp would go on claiming what the machine no longer has. They are
# order-only, so they make nothing out of date.
debian-packages:
	@set-up/debian-packages.sh build

debian-demo-packages: | debian-packages
	@set-up/debian-packages.sh demo

debian-test-packages: | debian-demo-packages
	@set-up/debian-packages.sh test

debian-kernels-packages: | debian-test-packages
	@set-up/debian-packages.sh kernels

node-version:
	@set-up/node-version.sh

# npm leaves the lock file it installed by in node_modules; its time is the installation's. No package's install script
# runs: what is native in them comes compiled, and a script could download.
$(installed): package-lock.json | debian-packages node-version
	npm ci --ignore-scripts --no-audit --no-fund
	touch $@

# node-gyp runs a make of its own, which must not take part in this one's jobs. `rebuild` would remove build/ first.
$(addon): binding.gyp $(wildcard native/*.cc native/*.h) $(installed)
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(bin)/node-gyp configure build --release --jobs=max --loglevel=warn --nodedir="$$(set-up/node-headers.sh)"
	@mkdir -p $(@D) && touch $@

$(grammar): grammar/wirefilter.ne $(installed)
	@mkdir -p $(@D)
	$(bin)/nearleyc $< -o $@

# Compiled beside the old tree and put in its place, so that nothing of a removed source stays and a failed compile
# leaves what worked.
$(scripts): tsconfig.json $(sources) $(installed)
	@rm -rf build/js.next
	$(bin)/tsc -p tsconfig.json --outDir build/js.next
	@rm -rf build/js && mv build/js.next build/js
	@mkdir -p $(@D) && touch $@

# Compiled to import the product as it was built: build/bench/src leads to build/js. test/tsconfig.json checks the types.
$(bench_scripts): bench/tsconfig.json $(shell find bench/ -name '*.ts' -o -type d) test/language/documented-expressions.ts $(installed)
	@rm -rf build/bench/bench build/bench/test
	$(bin)/tsc -p bench/tsconfig.json
	@ln -sfn ../js build/bench/src
	@mkdir -p $(@D) && touch $@

build/bench/meter build/bench/send: build/bench/%: bench/meter/%.c bench/meter/live-frames.c bench/meter/live-frames.h | debian-packages
	@mkdir -p $(@D)
	gcc -O2 -Wall -Wextra -Werror -o $@ $< bench/meter/live-frames.c

build/bench/timed: bench/meter/timed.c | debian-packages
	@mkdir -p $(@D)
	gcc -O2 -Wall -Wextra -Werror -o $@ $<

# -g: libbpf takes the types of maps from BTF. Debian keeps asm/ in a folder by architecture.
build/bpf/%.o: bpf/%.bpf.c | debian-packages
	@mkdir -p $(@D)
	clang -O2 -g -Wall -Werror -target bpf -D__TARGET_ARCH_$(machine) -Ibpf/include -idirafter /usr/include/$$(uname -m)-linux-gnu -MMD -MP -c $< -o $@

-include $(programs:.o=.d)
