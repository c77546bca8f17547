#!/usr/bin/env bash
# Installs what the tests need from the distribution, where it is missing, and runs them all:
# format, lints, documentation, unit and integration tests, and the tests on a real three-node
# GlusterFS cluster. Needs a Rust toolchain; the real cluster needs root and Debian or Ubuntu's
# packages (elsewhere: install glusterfs-server, fuse, attr and util-linux by hand first).
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

for tool in cargo-fmt cargo-clippy; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: rustup component add rustfmt clippy" >&2; exit 1; }
done

# The programs the tests start, each with the package that has it.
need=(glusterd:glusterfs-server gluster:glusterfs-cli mount.glusterfs:glusterfs-client
      unshare:util-linux mount:mount pkill:procps ip:iproute2 setfattr:attr mkfs.ext4:e2fsprogs cc:gcc)
missing=()
for pair in "${need[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  say "Installing ${missing[*]}"
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

say "Format"
cargo fmt --check

say "Lints"
cargo clippy --locked --all-targets -- -D warnings

say "Documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

say "Tests"
cargo test --locked

say "Tests on a real three-node cluster"
# They need root for the namespaces they live in, so a plain 'cargo test' leaves them out.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo --preserve-env)
for file in tests/real_*.rs; do
  test=$(basename "$file" .rs)
  binary=$(cargo test --locked --no-run --test "$test" --message-format=json 2>/dev/null |
    sed -n "s/.*\"executable\":\"\([^\"]*$test[^\"]*\)\".*/\1/p" | tail -1)
  "${sudo[@]}" "$binary" --ignored --test-threads=2 2>&1 | tee -a "$log"
done
ran=$(sed -n 's/^test result: ok\. \([0-9]*\) passed; 0 failed; 0 ignored.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
if [ "${ran:-0}" = 0 ]; then
  echo "The tests on a real cluster did not run." >&2
  exit 1
fi
say "All passed, $ran of them on a real three-node GlusterFS cluster ($(gluster --version | head -1))"
