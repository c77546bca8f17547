# What cluster.sh does inside a cluster: one function for each subcommand, and their helpers.
# GLUSTOP_CLUSTER is the cluster's directory. Node N has its things in $GLUSTOP_CLUSTER/N:
#   gd.sock, glusterd.pid, wd (configuration), run (process ids), log, b (bricks)
# shellcheck shell=bash

GLUSTOP_CLUSTER=${GLUSTOP_CLUSTER:-}
readonly NODES='1 2 3'
# Long enough for a busy machine; a healthy cluster needs a hundredth of it.
readonly PATIENCE=60

die() {
  echo "cluster.sh: $*" >&2
  exit 1
}

# wait_for WHAT COMMAND...: until the command succeeds.
wait_for() {
  local what=$1 deadline=$((SECONDS + PATIENCE))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || die "gave up after $PATIENCE s waiting for $what"
    sleep 0.05
  done
}

host() { echo "127.1.1.$1"; }
socket() { echo "$GLUSTOP_CLUSTER/$1/gd.sock"; }

# ---------------------------------------------------------------------------------------------------------
# Asking

g() { g_at 1 "$@"; }

# Any command that locks the volume may meet another one: the tests run beside a program that polls.
g_at() {
  local node=$1 deadline=$((SECONDS + PATIENCE)) answer status
  shift
  while true; do
    status=0
    answer=$(gluster --mode=script --glusterd-sock="$(socket "$node")" "$@" 2>&1) || status=$?
    case $answer in
      *'Another transaction is in progress'* | *'Locking failed on '*)
        if ((SECONDS < deadline)); then
          sleep 0.1
          continue
        fi
        ;;
    esac
    [[ -z $answer ]] || printf '%s\n' "$answer"
    return "$status"
  done
}

answers() { gluster --glusterd-sock="$(socket "$1")" pool list &>/dev/null; }

# How many glusterds are running, says NODE: itself and its connected peers.
connected() { gluster --glusterd-sock="$(socket "$1")" pool list 2>/dev/null | grep -c '\sConnected' || true; }

# ---------------------------------------------------------------------------------------------------------
# Nodes

# Without all these options glusterd would use directories and sockets of the machine.
launch_glusterd() {
  local dir=$GLUSTOP_CLUSTER/$1
  glusterd \
    --xlator-option management.working-directory="$dir/wd" \
    --xlator-option management.run-directory="$dir/run" \
    --xlator-option management.logging-directory="$dir/log" \
    --xlator-option management.glusterd-sockfile="$(socket "$1")" \
    --xlator-option management.transport.socket.bind-address="$(host "$1")" \
    --log-file="$dir/log/glusterd.log" --pid-file="$dir/glusterd.pid"
}

glusterd_pid() { cat "$GLUSTOP_CLUSTER/$1/glusterd.pid"; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }
has_state() { [[ $(sed 's/.*) //' "/proc/$2/stat") == "$1 "* ]]; }

# All running glusterds know all others. Before that, commands fail with odd words ("not in cluster").
is_settled() {
  local node running=()
  for node in $NODES; do
    is_gone "$(glusterd_pid "$node")" || running+=("$node")
  done
  for node in "${running[@]}"; do
    [[ $(connected "$node") == "${#running[@]}" ]] || return 1
  done
}

bring_up() {
  local node
  for node in $NODES; do
    mkdir -p "$GLUSTOP_CLUSTER/$node"/{wd,run,log,b}
    launch_glusterd "$node" || die "node $node did not start: $(tail -n 20 "$GLUSTOP_CLUSTER/$node/log/glusterd.log")"
  done
  for node in $NODES; do
    wait_for "node $node to answer" answers "$node"
  done
  g peer probe "$(host 2)" >/dev/null
  g peer probe "$(host 3)" >/dev/null
  wait_for 'the nodes to know each other' is_settled
}

stop_glusterd() {
  local pid
  pid=$(glusterd_pid "$1")
  kill "$pid"
  wait_for "glusterd of node $1 to end" is_gone "$pid"
  wait_for "the others to notice that node $1 is gone" is_settled
}

start_glusterd() {
  launch_glusterd "$1"
  wait_for "node $1 to answer" answers "$1"
  wait_for "node $1 to be connected" is_settled
}

freeze_glusterd() {
  local pid
  pid=$(glusterd_pid "$1")
  kill -STOP "$pid"
  wait_for "glusterd of node $1 to stand still" has_state T "$pid"
}

thaw_glusterd() { kill -CONT "$(glusterd_pid "$1")"; }

# ---------------------------------------------------------------------------------------------------------
# Volumes

# brick NAME K: the dot cannot be part of a volume's name, so v1's brick 1 is never taken for v's brick 11.
brick() {
  local node=$((($2 - 1) % 3 + 1))
  echo "$(host "$node"):$GLUSTOP_CLUSTER/$node/b/$1.$2"
}

# bricks NAME COUNT: the next COUNT. Directories of removed bricks stay, and gluster refuses to use them
# again, so their numbers are not used again either.
bricks() {
  local used=("$GLUSTOP_CLUSTER"/[123]/b/"$1".*) k
  [[ -e ${used[0]} ]] || used=()
  for ((k = ${#used[@]} + 1; k <= ${#used[@]} + $2; k++)); do
    brick "$1" "$k"
  done
}

# `force` here and below: gluster warns of bricks on the root file system.
make_volume() {
  local name=$1 count=$2 list
  shift 2
  mapfile -t list < <(bricks "$name" "$count")
  g volume create "$name" "$@" "${list[@]}" force
}

add_brick() {
  local list
  mapfile -t list < <(bricks "$1" "$2")
  g volume add-brick "$1" "${list[@]}" force
}

# delay NAME FOP MICROSECONDS, by a translator that gluster has for its own tests. A brick reads these options
# only as it starts; bricks that run already stay as they are. So a fix-layout is slowed down by filling
# directories first, then delaying setxattr, then adding a brick: 40 directories and 0.3 s make half a minute.
delay() {
  g volume set "$1" debug.delay-gen posix
  g volume set "$1" delay-gen.enable "$2"
  g volume set "$1" delay-gen.delay-duration "$3"
  g volume set "$1" delay-gen.delay-percentage 100
}

# Makes moving files last a chosen time on any machine: every read takes a second, and a brick does one at a
# time, so it gives away one small file per second. With 150 files on two bricks and a third one added, a
# rebalance moves 80 of them, from both at once: 43 s; a remove-brick of the third gives them back in 81 s.
slow() {
  delay "$1" read 1000000
  g volume set "$1" cluster.rebal-throttle lazy
  # A brick lets only one of its threads serve a rebalance, but meanwhile the others wait in a busy loop (seen
  # in 10.3), which with these long reads would take a whole core. Keep this away from a delayed setxattr: in
  # 10.3 both together make a fix-layout end as completed with no directory on the new brick.
  g volume set "$1" performance.io-thread-count 1
}

# Writes are fast, also on slow volumes. split makes thousands of files in one process.
fill() {
  local name=$1 files=$2 bytes=$3 directories=${4:-5}
  local mount=$GLUSTOP_CLUSTER/mount.$name.$BASHPID d share
  mkdir "$mount"
  glusterfs --volfile-server="$(host 1)" --volfile-id="$name" --log-file="$GLUSTOP_CLUSTER/log/mount.log" "$mount"
  wait_for "$name to be mounted" mountpoint --quiet "$mount"
  for ((d = 0; d < directories; d++)); do
    mkdir -p "$mount/d$d"
    # Whole division, so that the shares add up to all files.
    share=$((files * (d + 1) / directories - files * d / directories))
    head --bytes=$((share * bytes)) /dev/zero | split --bytes="$bytes" --suffix-length=5 -d - "$mount/d$d/f"
  done
  umount "$mount"
  rmdir "$mount"
}

# A brick that is full soon: files that do not fit make failures or are skipped.
small_brick() {
  local dir=$GLUSTOP_CLUSTER/$1/b/small.$2
  mkdir "$dir"
  truncate --size="$3M" "$dir.image"
  mkfs.ext4 -q "$dir.image"
  mount -o loop "$dir.image" "$dir"
  # A directory below the mount, as gluster advises: the mount point itself would hold lost+found.
  echo "$(host "$1"):$dir/brick"
}

# glusterd notes a brick's process in run/vols/VOLUME/HOST-PATH.pid, with a dash for each slash.
kill_brick() {
  local path=${1#*:} pid
  pid=$(cat "$GLUSTOP_CLUSTER"/[123]/run/vols/*/"${1%%:*}${path//\//-}.pid") || die "no process of brick $1"
  kill -KILL "$pid"
  wait_for "brick $1 to end" is_gone "$pid"
}

# Bounded by a number, not by a signal: nobody has to remember to end it.
lock_hammer() {
  local name=$1 times=$2 i
  for _ in 1 2 3 4; do
    for ((i = 0; i < times; i++)); do
      # Refusals are the point, so the plain command, without the patience of g.
      gluster --mode=script volume set "$name" user.hammer "$i" &>/dev/null || true
    done &
  done
  wait
}
