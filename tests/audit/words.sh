#!/bin/bash
# The words of mutations (hardening/checks, `mutation`), for bash on a machine that is thrown away. Each remembers how to undo itself:
# $UNDO is a file of commands, the last word's first.
export LC_ALL=C

later() { # COMMAND…
  { printf '%s\n' "$*"; cat "$UNDO"; } > "$UNDO.new"
  mv "$UNDO.new" "$UNDO"
}

change() { # PATH…: they come back as they are now, or go again
  local path
  for path; do
    kept=$(mktemp -d /run/kept.XXXXXX)
    if [ -e "$path" ]; then cp -a "$path" "$kept/it"; fi
    later "rm -rf '$path'; if [ -e '$kept/it' ]; then mv '$kept/it' '$path'; fi"
  done
}

gone() { # PATH…
  change "$@"
  rm -rf "$@"
}

put() { # PATH LINE…: a file of these lines (with printf's escapes), for all to read
  change "$1"
  mkdir -p "$(dirname "$1")"
  printf '%b\n' "${@:2}" > "$1"
  chmod 0644 "$1"
}

add() { # PATH LINE: at its end
  change "$1"
  printf '%s\n' "$2" >> "$1"
}

edit() { # PATH EXPRESSION: of sed -E; it must change something
  change "$1"
  sed -i -E "$2" "$1"
  if cmp -s "$1" "$kept/it"; then
    echo "$1: $2 changes nothing" >&2
    return 1
  fi
}

mode() { # MODE PATH…
  local path
  for path in "${@:2}"; do later "chmod $(stat -c %a "$path") '$path'"; done
  chmod "$@"
}

package() { # NAME…: installed, with nothing in it
  local name folder
  for name; do
    folder=$(mktemp -d)
    mkdir "$folder/DEBIAN"
    printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: empty\n' "$name" > "$folder/DEBIAN/control"
    dpkg-deb -b "$folder" "$folder.deb"
    dpkg --force-all -i "$folder.deb"
    rm -r "$folder" "$folder.deb"
    later "dpkg --force-all -P '$name'"
  done
}

without() { # PACKAGE…: dpkg takes it for removed
  local name
  change /var/lib/dpkg/status
  for name; do sed -i "/^Package: $name\$/,/^\$/s/^Status: .*/Status: deinstall ok config-files/" /var/lib/dpkg/status; done
}

service() { # UNIT…: runs, and is started with the machine
  local unit
  for unit; do
    later systemctl daemon-reload
    put "/etc/systemd/system/$unit" '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target'
    systemctl daemon-reload
    later "systemctl disable --now '$unit'"
    systemctl enable --now "$unit"
  done
}

disabled() { # UNIT…: not started with the machine any more; it runs on
  local unit
  for unit; do
    later "systemctl enable '$unit'"
    systemctl disable "$unit"
  done
}

stopped() { # UNIT…
  local unit
  for unit; do
    later "systemctl start '$unit'"
    systemctl stop "$unit"
  done
}

web() { # EXPRESSION: of sed -E, for the web server's settings; it takes them, and takes them again when they are undone
  edit /etc/nginx/nginx.conf "$1"
  reload_web
  echo reload_web >> "$UNDO"
}

reload_web() { # and waits until nobody answers by the old settings
  local workers worker
  workers=$(pgrep -P "$(systemctl show -P MainPID nginx)")
  systemctl reload nginx
  for worker in $workers; do timeout 30 tail --pid="$worker" -f /dev/null; done
}

listener() { # PORT: open to everybody
  later "systemctl stop mutation-listener.socket"
  systemd-run --unit=mutation-listener --socket-property="ListenStream=0.0.0.0:$1" sleep infinity
}

covered() { # PATH [WITH]: another file, or an empty folder, lies over it (for this mutation alone: it has mounts of its own)
  later "umount '$1'"
  if [ -d "$1" ]; then mount -t tmpfs tmpfs "$1"; else mount --bind "$2" "$1"; fi
}

parameter() { # NAME VALUE: of the running kernel
  later "sysctl -q -w '$1=$(sysctl -n "$1")'"
  sysctl -q -w "$1=$2"
}

remount() { # PATH OPTION
  local before option undone=remount
  before=,$(findmnt -no VFS-OPTIONS "$1"),
  for option in nodev nosuid noexec; do
    case $before in *,$option,*) undone+=,$option ;; *) undone+=,${option#no} ;; esac
  done
  later "mount -o bind,$undone '$1'"
  mount -o "bind,remount,$2" "$1"
}

filesystem() { # PATH OPTIONS: the folder as one of its own, now and after a restart
  add /etc/fstab "tmpfs $1 tmpfs $2 0 0"
  later "umount -l '$1'"
  mount --bind "$1" "$1"
  mount -o "remount,bind,$2" "$1"
}

kernel() { # PARAMETER…: started with them, and so the next time, on a machine of its own
  gone /run/systemd/container
  put /boot/grub/grub.cfg "set superusers=\"admin\"\npassword_pbkdf2 admin grub.pbkdf2.sha512.10000.AB.CD\nmenuentry 'Debian' --unrestricted {\n  linux /vmlinuz $*\n}"
  chmod 0600 /boot/grub/grub.cfg
  put /run/mutation.cmdline "$*"
  covered /proc/cmdline /run/mutation.cmdline
}

unguarded() { # nobody looks after the firewall; in the end the guard finds it changed, and sets it again
  local guard
  guard=$(systemctl show -P MainPID cloister-guard)
  echo "kill -CONT $guard" >> "$UNDO"
  echo 'timeout 30 sh -c "until cloister audit --only firewall-runs-as-configured > /dev/null; do :; done"' >> "$UNDO"
  kill -STOP "$guard"
}

archive() { # VERSION: apt knows Debian's security archive, which offers that openssl
  local lists=/var/lib/apt/lists/security.debian.org_debian-security_dists_bookworm-security
  put "${lists}_InRelease" 'Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\nCodename: bookworm-security'
  put "${lists}_main_binary-amd64_Packages" "Package: openssl\nVersion: $1\nArchitecture: amd64"
}
