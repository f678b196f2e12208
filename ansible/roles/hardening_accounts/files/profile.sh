# What a session may leave: 15 minutes, files that are not for everybody, and nothing of what has crashed.
umask 027
ulimit -c 0
if [ -z "${TMOUT-}" ]; then
  TMOUT=900
  readonly TMOUT
  export TMOUT
fi
