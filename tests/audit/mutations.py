"""The mutations of the checks (hardening/checks): what makes a check fail on a real server, and pass again."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
FOLDER = "/run/mutations"  # on the machine
STEPS = ("prepare", "break", "repair")

Check = dict[str, Any]


@dataclass(frozen=True)
class Verdicts:
    """Of one check, as its mutation goes on."""

    before: str
    prepared: str
    broken: str
    repaired: str
    after: str


def checks() -> dict[str, Check]:
    """Every check as it is written, by its id."""
    files = [file for file in sorted((ROOT / "hardening" / "checks").glob("*.yaml")) if file.name != "exceptions.yaml"]
    return {check["id"]: check for file in files for check in yaml.safe_load(file.read_text())}


def untried() -> dict[str, str]:
    """Checks without a mutation, and why."""
    reasons: dict[str, str] = yaml.safe_load((HERE / "untried.yaml").read_text())
    return reasons


def files() -> dict[str, str]:
    """What a machine needs to try them: text by place."""
    steps = {f"{FOLDER}/{id}/{step}": check["mutation"].get(step, "") for id, check in checks().items() if "mutation" in check for step in STEPS}
    return steps | {f"{FOLDER}/{name}": (HERE / name).read_text() for name in ("mutate.sh", "words.sh")}


def command(id: str) -> list[str]:
    """Tries the mutation of that check; whatever it mounts is seen by nobody else."""
    return ["unshare", "--mount", "bash", f"{FOLDER}/mutate.sh", id]


def verdicts(said: str) -> Verdicts:
    """From what the command has printed: reports of one check, one after the other."""
    found: list[str] = []
    while said := said.lstrip():
        report, end = json.JSONDecoder().raw_decode(said)
        (check,) = report["checks"]
        found.append(check["verdict"])
        said = said[end:]
    return Verdicts(*found)
