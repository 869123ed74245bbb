# What people type most.

default: check

# Format, lints and docs, as the gate checks them.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# All tests.
test:
    cargo test --workspace

# The example that shows the most.
example *ARGS:
    cargo run --bin mtrun -- examples/order_service.rs {{ARGS}}

# All goals of the project in one table. TASKFLOW=FOLDER also measures Taskflow.
bench *ARGS:
    cargo run --release -p concurra-benches -- goals {{ARGS}}

# Everything that must pass before a change lands.
gate:
    bash .ci/run
