"""Loads the named statements of a `queries.sql` file.

The format: `-- name: find_order -> Order` begins a statement, the comment lines under it say what it is for,
`:parameter` marks a parameter. `-> Order` names the dataclass in the module's types.py that a row becomes
(a contract test holds the columns against it). Statements go to PostgreSQL with $1, $2, … so that `%` and
array slices need no escaping, and carry their name as a comment for the server's log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_HEADER = re.compile(r"^-- name: *(?P<name>[a-z][a-z0-9_]*)(?: *-> *(?P<returns>\w+))? *$", re.MULTILINE)
# Literals, quoted identifiers, comments and casts are stepped over, so that only real parameters match.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|::|:(?P<parameter>[a-z_][a-z0-9_]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Query:
    """One statement: `parameters` in the order of $1, $2, …"""

    name: str
    sql: bytes
    parameters: tuple[str, ...]
    returns: str | None
    doc: str

    def bind(self, values: dict[str, object]) -> list[object]:
        """The values in order; a missing or unknown parameter is a TypeError."""
        if values.keys() != set(self.parameters):
            missing = set(self.parameters) - values.keys()
            unknown = values.keys() - set(self.parameters)
            raise TypeError(f"query {self.name}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        return [values[parameter] for parameter in self.parameters]


class Queries:
    """The statements of one file, as attributes."""

    def __init__(self, queries: dict[str, Query]) -> None:
        self._queries = queries

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query is named {name}") from None

    def __iter__(self) -> object:
        return iter(self._queries.values())


@cache
def load_queries(package: str) -> Queries:
    """The statements of `queries.sql` in `package` (a module's `__package__`)."""
    text = resources.files(package).joinpath("queries.sql").read_text(encoding="utf-8")
    return Queries({query.name: query for query in parse(text)})


def parse(text: str) -> list[Query]:
    """The statements of one file's text; a name used twice is a ValueError."""
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    queries = [_query(header, text[header.end() : end]) for header, end in zip(headers, ends, strict=True)]
    names = [query.name for query in queries]
    if len(names) != len(set(names)):
        raise ValueError(f"a query name is used twice: {sorted(names)}")
    return queries


def _query(header: re.Match[str], body: str) -> Query:
    lines = body.strip().splitlines()
    doc = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    statement = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
    parameters: list[str] = []

    def number(token: re.Match[str]) -> str:
        parameter = token["parameter"]
        if parameter is None:
            return token[0]
        if parameter not in parameters:
            parameters.append(parameter)
        return f"${parameters.index(parameter) + 1}"

    numbered = _TOKEN.sub(number, statement)
    name = header["name"]
    return Query(name, f"/* {name} */ {numbered}".encode(), tuple(parameters), header["returns"], " ".join(doc))
