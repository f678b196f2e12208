#!/bin/bash
# One mutation, on the machine: unshare --mount bash mutate.sh CHECK. Beside it lies a folder CHECK with the files prepare, break and repair.
# Prints five reports of that check: before, prepared, broken, repaired, after.
set -e
folder=$(dirname "$0")
mutation=$folder/$1
: > "$mutation/prepare.undo"
: > "$mutation/break.undo"

report() { cloister audit --only "$1" --format json || [ $? -lt 3 ]; }

step() { # NAME
  UNDO=$mutation/$1.undo bash -e -c '. "$1/words.sh"; . "$2"' bash "$folder" "$mutation/$1" > "$mutation/said" 2>&1 || {
    cat "$mutation/said" >&2
    return 1
  }
}

undo() { # NAME
  bash -e -c '. "$1/words.sh"; . "$2"' bash "$folder" "$mutation/$1.undo" > "$mutation/said" 2>&1 || {
    cat "$mutation/said" >&2
    return 1
  }
}

trap 'undo break || :; undo prepare' ERR
report "$1"
step prepare
report "$1"
step break
report "$1"
step repair
undo break
report "$1"
undo prepare
report "$1"
