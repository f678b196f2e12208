"""Ansible's way into a file system tree: commands run there by chroot, files are copied. The tree's place is ansible_host."""

import shutil
import subprocess
from pathlib import Path

from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
name: tree
short_description: a file system tree that is being built
description: Runs commands in a tree by chroot.
options:
  remote_addr:
    description: The tree.
    vars: [{name: ansible_host}]
"""


class Connection(ConnectionBase):
    transport = "tree"
    has_pipelining = True

    def _connect(self):
        self._connected = True
        return self

    def exec_command(self, cmd, in_data=None, sudoable=True):
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        done = subprocess.run(["chroot", self.get_option("remote_addr"), "/bin/sh", "-c", cmd], input=in_data, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def put_file(self, in_path, out_path):
        super().put_file(in_path, out_path)
        shutil.copyfile(in_path, self._inside(out_path))

    def fetch_file(self, in_path, out_path):
        super().fetch_file(in_path, out_path)
        shutil.copyfile(self._inside(in_path), out_path)

    def close(self):
        self._connected = False

    def _inside(self, path):
        return Path(self.get_option("remote_addr")) / str(path).lstrip("/")
