#!/usr/bin/env bash
# A real three-node GlusterFS cluster for the tests, on one machine and for as long as one command runs.
#
#   cluster.sh run CMD...           brings a cluster up, runs CMD inside it, takes everything down again
#   cluster.sh SUBCOMMAND ARGS...   called by CMD inside: acts on that cluster (see usage)
#
# The three glusterds listen on 127.1.1.1, 127.1.1.2 and 127.1.1.3 in network, mount and process namespaces
# of their own. So a glusterd of the machine is neither seen nor disturbed, any number of copies run at the
# same time, and nothing can outlive the command: with the first process of a process namespace the kernel
# kills all others, and with the last process of a mount namespace go its mounts.
#
# Needs root, glusterfs-server, and a directory on a file system with trusted extended attributes
# (below $TMPDIR, or /tmp): ext4, xfs, btrfs, tmpfs and overlay have them. A container must be privileged.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/lib.sh
source "$here/lib.sh"

usage() {
  cat <<'USAGE'
usage: cluster.sh run CMD...                      run CMD inside a fresh three-node cluster
inside:
  g ARGS...                                       gluster at node 1; tries again while the volume is locked
  g-at NODE ARGS...                               the same at another node
  make-volume NAME BRICKS [WORDS...]              create (not start) a volume, bricks spread over the nodes;
                                                  WORDS as in `gluster volume create`: replica 3 arbiter 1
  add-brick NAME BRICKS                           add bricks, the next ones in the same order
  brick NAME K                                    print brick K (from 1) as HOST:PATH
  slow NAME                                       bricks started from now on give away one file per second
  delay NAME FOP MICROSECONDS                     bricks started from now on delay every such operation
  fill NAME FILES BYTES [DIRECTORIES]             write files through a mount, spread over 5 directories
  small-brick NODE NAME MEGABYTES                 print HOST:PATH of a new brick on a file system that small
  kill-brick HOST:PATH                            SIGKILL the brick's process
  stop-glusterd NODE | start-glusterd NODE        stopped, its bricks go on
  freeze-glusterd NODE | thaw-glusterd NODE       SIGSTOP, SIGCONT: connected, but answers nothing
  lock-hammer NAME TIMES                          four workers lock the volume TIMES times each
  with-gsyncd CMD...                              run CMD where gluster finds its gsyncd, as elsewhere
USAGE
}

# ---------------------------------------------------------------------------------------------------------
# Outside: make the base directory and the namespaces, and clean up whatever happens.

base=''        # the cluster's directory
namespaces=''  # process id of unshare, the parent of the cluster's first process

check_machine() {
  ((EUID == 0)) || die 'a cluster needs root'
  local tool
  for tool in glusterd gluster glusterfs ip mount pkill setfattr setpriv unshare; do
    command -v "$tool" >/dev/null || die "a cluster needs $tool, which is not installed"
  done
}

# glusterd refuses to create bricks without trusted.* attributes, but says so only in its log.
check_base() {
  setfattr -n trusted.glustop -v 1 "$base" 2>/dev/null ||
    die "no trusted extended attributes in $base: set TMPDIR to a directory on ext4 or xfs"
  # A Unix socket's address has room for 107 characters, and glusterd adds its own names.
  ((${#base} <= 60)) || die "the directory name $base is too long for sockets: set TMPDIR to a shorter one"
}

tear_down() {
  trap '' HUP INT TERM
  if [[ -n $namespaces ]]; then
    # Killing the first process kills all, and unshare returns when the last one is gone ("sigprocmask unblock
    # failed", says that of util-linux 2.38 then, and means no harm). In a loop because unshare may just be
    # starting and have no child yet.
    while kill -0 "$namespaces" 2>/dev/null; do
      pkill -KILL -P "$namespaces" || true
      sleep 0.05
    done
  fi
  [[ -z $base ]] || rm -rf --one-file-system "$base"
}

run() {
  (($# > 0)) || die 'run: no command given'
  check_machine
  trap tear_down EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  base=$(mktemp -d "${TMPDIR:-/tmp}/glustop.XXXXXX")
  check_base

  # In the background, because bash runs traps only while it waits. That would take the terminal's input and
  # Ctrl-C from the command: `<&0` and env give them back. setpriv: should this script be killed with
  # SIGKILL, unshare dies with it, and with unshare the cluster.
  env --default-signal=INT,QUIT setpriv --pdeathsig KILL \
    unshare --net --mount --pid --fork --kill-child -- "$here/cluster.sh" inside "$base" "$@" <&0 &
  namespaces=$!
  wait "$namespaces"
}

# ---------------------------------------------------------------------------------------------------------
# Inside: the first process of the namespaces. It also collects the ended daemons, which bash does unasked;
# uncollected, they would still look alive to glusterd.

inside() {
  export GLUSTOP_CLUSTER=$1
  shift
  prepare_mounts
  bring_up

  local node
  for node in $NODES; do
    export "GLUSTOP_GLUSTERD_SOCK_$node=$(socket "$node")"
  done
  # The name glustop itself reads.
  export "GLUSTOP_GLUSTERD_SOCK=$(socket 1)"

  local status=0
  "$@" || status=$?
  exit "$status"
}

prepare_mounts() {
  ip link set lo up
  mount -t proc proc /proc
  # Bricks keep their sockets in /run/gluster, whatever directories glusterd is told to use.
  mount -t tmpfs tmpfs /run
  # Plain `gluster` finds node 1.
  ln -s "$(socket 1)" /run/glusterd.socket
  mkdir "$GLUSTOP_CLUSTER/log"
  mount --bind "$GLUSTOP_CLUSTER/log" /var/log/glusterfs
  hide_gsyncd
}

# Where distributions keep gsyncd.
readonly LIBEXEC='/usr/lib/*/glusterfs /usr/libexec/glusterfs /usr/lib/glusterfs'

# glusterd runs the Python program gsyncd some twenty times as it starts, which takes seconds (half a minute on
# a busy machine), for geo-replication, which no test uses. It does without when the file does not exist.
hide_gsyncd() {
  local folder
  for folder in $LIBEXEC; do
    if [[ -e $folder/gsyncd ]]; then
      cp -a "$folder" "$GLUSTOP_CLUSTER/libexec"
      rm "$GLUSTOP_CLUSTER/libexec/gsyncd"
      mount --bind "$GLUSTOP_CLUSTER/libexec" "$folder"
    fi
  done
}

# In a mount namespace of its own: the cluster goes on without.
with_gsyncd() { exec unshare --mount "$here/cluster.sh" show-gsyncd "$@"; }

show_gsyncd() {
  local folder
  for folder in $LIBEXEC; do
    ! mountpoint --quiet "$folder" || umount "$folder"
  done
  exec "$@"
}

# ---------------------------------------------------------------------------------------------------------

main() {
  local subcommand=${1:-help}
  (($# == 0)) || shift
  case $subcommand in
    run) run "$@" ;;
    inside) inside "$@" ;;
    help | --help) usage ;;
    g | g-at | make-volume | add-brick | brick | delay | slow | fill | small-brick | kill-brick | stop-glusterd | \
      start-glusterd | freeze-glusterd | thaw-glusterd | lock-hammer | with-gsyncd | show-gsyncd)
      [[ -n $GLUSTOP_CLUSTER ]] || die "$subcommand works inside: cluster.sh run CMD..."
      "${subcommand//-/_}" "$@"
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

main "$@"
