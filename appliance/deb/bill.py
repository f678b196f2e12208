"""What the packages are made of, as a CycloneDX bill of materials: what is linked in, what is loaded, what the web page contains."""

import json
import re
import subprocess
import uuid
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from trial.build import WEB
from trial.console import Failure

from .version import Version

# By package.
PROGRAMS = {
    "cloister-bridge": ["components/videobridge/app/cloister-bridge"],
    "cloister-focus": ["components/focus/app/cloister-focus"],
    "cloister-gate": ["components/gate/app/cloister-gate"],
    "cloister-guard": ["hardening/firewall/guard/cloister-guard"],
    "cloister": ["appliance/cli/cloister", "tests/load/cloister-load"],
}
# Compiled into our programs: header-only libraries, and gloox's archive. docs/dependencies.md has their licences and reasons.
COMPILED_IN = {
    "libboost1.81-dev": "BSL-1.0",
    "libcli11-dev": "BSD-3-Clause",
    "libexpected-dev": "CC0-1.0",
    "libgloox-dev": "GPL-3.0-only",
}
NAMESPACE = uuid.UUID("6a7d5c0e-7f0f-5f0e-9a53-0c6f9a3b8f11")  # of the bills' serial numbers

Component = dict[str, Any]


def write(build_dir: Path, version: Version) -> str:
    programs = {name: [build_dir / path for path in paths] for name, paths in PROGRAMS.items()}
    for program in (one for some in programs.values() for one in some):
        if not program.exists():
            raise Failure(f"{program} is not built: run without --no-build, or name another --build-dir.")
    loaded = {name: _loaded_by(some) for name, some in programs.items()}
    libraries = sorted({package for packages in loaded.values() for package in packages})
    components = [_ours(name, version) for name in [*programs, "cloister-prosody", "cloister-turn", "cloister-web"]]
    components += [_of_debian(package) for package in libraries]
    components += [_of_debian(package, licence) for package, licence in COMPILED_IN.items()]
    pages = _of_the_page()
    links = [{"ref": name, "dependsOn": [_reference(p) for p in [*packages, *COMPILED_IN]]} for name, packages in loaded.items()]
    links.append({"ref": "cloister-web", "dependsOn": [page["bom-ref"] for page in pages]})
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, str(version))}",
        "version": 1,
        "metadata": {
            "timestamp": f"{datetime.fromtimestamp(version.seconds, timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
            "component": {"type": "application", "bom-ref": "product", "name": "Cloister", "version": str(version)},
        },
        "components": components + pages,
        "dependencies": links,
    }
    return json.dumps(bill, indent=1) + "\n"


def _ours(name: str, version: Version) -> Component:
    return {"type": "application", "bom-ref": name, "name": name, "version": str(version), "purl": f"pkg:deb/cloister/{name}@{version}"}


def _of_debian(package: str, licence: str = "") -> Component:
    version = _output(["dpkg-query", "-W", "-f=${Version}", package])
    component: Component = {"type": "library", "bom-ref": _reference(package), "name": package, "version": version}
    component["purl"] = f"pkg:deb/debian/{package}@{version}?distro=debian-12"
    return component | ({"licenses": [{"license": {"id": licence}}]} if licence else {})


def _of_the_page() -> list[Component]:
    """What esbuild put into it: the packages that are not for development."""
    lock = json.loads((WEB / "package-lock.json").read_text())["packages"]
    found: list[Component] = []
    for place, package in sorted(lock.items()):
        name = place.rpartition("node_modules/")[2]
        if not name or package.get("dev") or package.get("optional") or package.get("peer"):
            continue
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        component: Component = {"type": "library", "bom-ref": f"npm:{place}", "name": name, "version": package["version"], "purl": purl}
        if "license" in package:
            component["licenses"] = [{"license": {"id": package["license"]}}]
        found.append(component)
    return found


def _loaded_by(programs: list[Path]) -> list[str]:
    needed = re.findall(r"^\s+NEEDED\s+(\S+)$", _output(["objdump", "-p", *map(str, programs)]), re.MULTILINE)
    return sorted({_package_of(library) for library in needed})


@cache
def _package_of(library: str) -> str:
    lines = _output(["dpkg-query", "-S", f"*/{library}"]).splitlines()
    owners = sorted({line.split(":")[0] for line in lines if line.endswith(f"/{library}") and "-linux-gnu" in line})
    if not owners:
        raise Failure(f"no Debian package has {library}")
    return owners[0]


def _reference(package: str) -> str:
    return f"deb:{package}"


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
