"""Renders the templates of the Ansible roles, with the roles' own defaults: nothing is configured twice."""

import os
from pathlib import Path
from typing import Any

from .console import Failure

ANSIBLE = Path(__file__).resolve().parent.parent.parent / "ansible"

Variables = dict[str, Any]


class Templates:
    """Variables: the defaults of every role, then what the trial overrides."""

    def __init__(self, overrides: Variables) -> None:
        import jinja2  # a Debian package that this command has just installed

        loader = jinja2.FileSystemLoader(ANSIBLE / "roles")
        self._jinja = jinja2.Environment(
            loader=loader, undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True
        )
        self._error = jinja2.TemplateError
        self._variables = self._resolve(_defaults() | overrides)

    def __getitem__(self, name: str) -> Any:
        return self._variables[name]

    def text(self, role: str, template: str) -> str:
        try:
            return self._jinja.get_template(f"{role}/templates/{template}").render(self._variables)
        except self._error as error:
            raise Failure(f"The template {template} of the role {role} cannot be rendered: {error}.") from error

    def render(self, role: str, template: str, into: Path, mode: int = 0o644) -> Path:
        text = self.text(role, template)
        into.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as out:
            out.write(text)
        into.chmod(mode)
        return into

    def _resolve(self, variables: Variables) -> Variables:
        """A default may name other variables, as in Ansible: repeated until nothing changes any more."""
        for _ in range(8):
            rendered = {name: self._value(value, variables) for name, value in variables.items()}
            if rendered == variables:
                return rendered
            variables = rendered
        raise Failure("The default variables of the roles name each other in a ring.")

    def _value(self, value: Any, variables: Variables) -> Any:
        if isinstance(value, str) and "{{" in value:
            return self._jinja.from_string(value).render(variables)
        if isinstance(value, list):
            return [self._value(item, variables) for item in value]
        return value


def _defaults() -> Variables:
    import yaml

    variables: Variables = {}
    for file in sorted(ANSIBLE.glob("roles/*/defaults/main.yml")):
        variables |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return variables
