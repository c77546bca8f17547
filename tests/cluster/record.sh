#!/usr/bin/env bash
# Records real drains: what gluster tells of a remove-brick and of its bricks' space, every five seconds from
# just before the start to the end. tests/runs.rs plays them again, and compares each estimate with the end.
#
#   cluster.sh run record.sh RUN > ../fixtures/runs/RUN.txt
#
# A run lasts six to ten minutes. Each brick has a file system of its own, so that its space means something, and
# its reads are delayed, so that the time depends on the files and not on the machine.
#
# The lines of a recording (sizes in bytes):
#   # what it is
#   volume TYPE REPLICA
#   brick NODE PATH leaving|stays TOTAL INODES
#   at SECONDS NODE=STATE,FILES,BYTES,SCANNED,FAILURES,RUNTIME... | FREE,INODES_FREE...   one value for each brick

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/lib.sh
source "$here/lib.sh"

usage='usage: cluster.sh run record.sh many-small|few-large|mixed|large-last|replica|two-leaving'

# put MOUNT DIRECTORY FILES BYTES: files of one size.
put() {
  mkdir -p "$1/$2"
  head --bytes=$(($3 * $4)) /dev/zero | split --bytes="$4" --suffix-length=5 -d - "$1/$2/f$4-"
}

# Bricks on file systems of $1 MB, made as the words after it say; the file names of a run are always the same,
# and so is where they lie.
prepare() {
  local megabytes=$1 count=$2 delay=$3 list=() k
  shift 3
  for ((k = 1; k <= count; k++)); do
    list+=("$(small_brick $(((k - 1) % 3 + 1)) "r$k" "$megabytes")")
  done
  {
    g volume create run "$@" "${list[@]}" force
    slow run
    g volume set run delay-gen.delay-duration "$delay"
    g volume start run
  } >&2
  bricks=("${list[@]}")
  mount=$GLUSTOP_CLUSTER/mount.run
  mkdir "$mount"
  glusterfs --volfile-server="$(host 1)" --volfile-id=run --log-file="$GLUSTOP_CLUSTER/log/mount.log" "$mount"
  wait_for 'the volume to be mounted' mountpoint --quiet "$mount"
}

# What of the XML counts, on one line.
elements() { sed -n "s:^ *<$1>\(.*\)</$1>.*:\1:p"; }
space() {
  awk -F'[<>]' '$2 == "path" { path = $3 } $2 == "sizeTotal" { total[path] = $3 } $2 == "sizeFree" { free[path] = $3 }
    $2 == "inodesTotal" { inodes[path] = $3 } $2 == "inodesFree" { left[path] = $3 }
    END { for (path in total) print path, total[path], free[path], inodes[path], left[path] }'
}
nodes() {
  awk -F'[<>]' '$2 == "node" { inside = 1 } $2 == "/node" { inside = 0
      printf " %s=%s,%s,%s,%s,%s,%d", number[f["id"]], f["status"], f["files"], f["size"], f["lookups"], f["failures"], f["runtime"] }
    inside { f[$2] = $3 }
    FNR == NR { split($0, pair, " "); number[pair[1]] = pair[2] }' "$GLUSTOP_CLUSTER/numbers" -
}

detail() { g --xml volume status run detail | space; }

now() { echo "${EPOCHREALTIME/,/.}"; }

# row BEGAN STATUS: one line of the recording.
row() {
  local after brick
  printf 'at %.1f%s |' "$(echo "$(now) - $1" | bc)" "$(nodes <<<"$2")"
  after=$(detail)
  for brick in "${bricks[@]}"; do
    awk -v path="${brick#*:}" '$1 == path { printf " %s,%s", $3, $5 }' <<<"$after"
  done
  echo
}

# record WHAT TYPE REPLICA BRICK...: drains these bricks and writes the recording.
record() {
  local what=$1 type=$2 replica=$3 brick k leaving=() status began word space
  shift 3
  for k in "$@"; do leaving+=("${bricks[k - 1]}"); done
  umount "$mount"
  for k in $NODES; do
    echo "$(gluster --glusterd-sock="$(socket "$k")" system:: uuid get | sed 's/UUID: //') $k"
  done >"$GLUSTOP_CLUSTER/numbers"
  # Writing goes on for a moment after the last file.
  sync
  echo "# $what"
  echo "volume $type $replica"
  space=$(detail)
  for k in "${!bricks[@]}"; do
    brick=${bricks[k]} word=stays
    [[ " ${leaving[*]} " != *" $brick "* ]] || word=leaving
    awk -v path="${brick#*:}" -v node=$((k % 3 + 1)) -v k=$((k + 1)) -v word="$word" \
      '$1 == path { print "brick", node, "/bricks/r" k, word, $2, $4 }' <<<"$space"
  done
  began=$(now)
  row "$began" ''
  g volume remove-brick run "${leaving[@]}" start >&2
  while true; do
    status=$(g --xml volume remove-brick run "${leaving[@]}" status)
    row "$began" "$status"
    # Over when no node is in progress (1) or has yet to begin (0).
    grep -q '<status>[01]</status>' <<<"$status" || break
    sleep 5
  done
}

case ${1:-} in
  many-small)
    prepare 400 3 1000000
    for d in a b c d e; do put "$mount" $d 320 65536; done
    record 'many small files of 64 KiB leave one brick of three' distribute 1 3
    ;;
  few-large)
    prepare 1500 3 1000000
    for d in a b c; do put "$mount" $d 22 25165824; done
    record 'a few large files of 24 MiB leave one brick of three' distribute 1 3
    ;;
  mixed)
    prepare 1200 3 1000000
    for d in a b c d; do
      put "$mount" $d 80 16384
      put "$mount" $d 50 1048576
      put "$mount" $d 20 4194304
      put "$mount" $d 6 16777216
    done
    record 'files of 16 KiB to 16 MiB leave one brick of three' distribute 1 3
    ;;
  large-last)
    prepare 1000 3 1000000
    for d in a b c; do put "$mount" $d 200 32768; done
    for d in y z; do put "$mount" $d 45 8388608; done
    record 'small files leave first and files of 8 MiB last, from one brick of three' distribute 1 3
    ;;
  replica)
    prepare 700 4 1000000 replica 2
    for d in a b c d; do
      put "$mount" $d 110 131072
      put "$mount" $d 40 3145728
    done
    record 'files of 128 KiB and 3 MiB leave one replica pair of two' replicate 2 3 4
    ;;
  two-leaving)
    prepare 500 5 1000000
    for d in a b c d; do
      put "$mount" $d 250 98304
      put "$mount" $d 45 2097152
    done
    record 'files of 96 KiB and 2 MiB leave two bricks of five, on two nodes' distribute 1 4 5
    ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac
