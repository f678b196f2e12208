"""Signs in as a host, opens a meeting, and stays until its input ends: host.py FACTS ROOM NAME PASSWORD."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stack"))

from meeting import NAMED, Person  # noqa: E402

facts, room, name, password = json.loads(sys.argv[1]), *sys.argv[2:]
host = Person(facts, domain=facts["domain"], password=(name, password))
assert host.request(room).get("type") == "result"
assert host.enter(room, NAMED) == ""
print("open", flush=True)
sys.stdin.read()
