# What a session may leave open: 15 minutes, and files that are not for everybody.
umask 027
if [ -z "${TMOUT-}" ]; then
  TMOUT=900
  readonly TMOUT
  export TMOUT
fi
