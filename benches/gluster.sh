#!/bin/sh
# Stands where gluster stands: prints the answer that was written for these words, whatever the options.
# ANSWERS is the directory with the answers, HANGS the beginning of questions that are never answered,
# from the time on at which the file HANGS_FROM is there, if that is given. STOPPED is a file that is
# made when a stop begins to run. ASKED is a file that every question is added to. With CHANGES the own
# state tells of other definitions each time, so that they are asked for again.
case "$*" in *" stop") [ -z "${STOPPED-}" ] || : >"$STOPPED" ;; esac
while :; do
  case ${1-} in
    --version) break ;;
    -*) shift ;;
    *) break ;;
  esac
done
if [ -n "${HANGS-}" ] && [ -e "${HANGS_FROM-/}" ]; then
  case "$*" in "$HANGS"*) exec sleep 1000 ;; esac
fi
[ -z "${ASKED-}" ] || echo "$*" >>"$ASKED"
if [ "${1-}" = get-state ]; then
  # get-state glusterd odir DIRECTORY file NAME
  [ -z "${CHANGES-}" ] || exec sed "s/^\\[Volumes\\]/&\\nVolume0.changed: $$/" "$ANSWERS/get-state glusterd" >"$4/$6"
  exec cp "$ANSWERS/get-state glusterd" "$4/$6"
fi
exec cat "$ANSWERS/$*"
