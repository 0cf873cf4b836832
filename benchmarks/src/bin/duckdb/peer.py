"""Models of the warehouse with DuckDB: their own SQL over the files of the hub's lake.

    python peer.py build LAKE MODELS GIVEN OUT MEMORY_MB MODEL...
    python peer.py compare LAKE MODELS GIVEN OUT MEMORY_MB MODEL...

`build` writes every model to Parquet in OUT and reads it from there for those after it, as the hub does. What a model
reads beside these are the hub's files, as the Delta log names them, and the tables of GIVEN. It prints a line of JSON for
each model: its name, rows and seconds. `compare` says for each how many rows only the hub or only DuckDB has.

What DuckDB lacks are macros here. Those of regions go by the digits of a code and leave the history of codes out: less
work than the hub does, and the comparison shows whether the answers are the same all the same.
"""

import json
import re
import sys
import time
from pathlib import Path

import duckdb
from deltalake import DeltaTable

MACROS = r"""
create macro business_date(instant) as cast((instant at time zone 'UTC') + interval 8 hours as date);
create macro region_level(code) as case
    when code is null then null
    when code like '%0000' then 'province'
    when code like '%00' then 'city'
    else 'county' end;
create macro region_at(code, level) as case level
    when 'province' then code[1:2] || '0000'
    when 'city' then case when code not like '%0000' then code[1:4] || '00' end
    else case when code not like '%00' then code end end;
create macro region_today(code) as code;
create macro region_covers(outer_code, inner_code, day) as
    case when day is not null then starts_with(inner_code, regexp_replace(outer_code, '(00){1,2}$', '')) end;
create macro resolve_region(wanted) as (select r.region_code from given.resolved as r where r.address = wanted);
create macro normalize_code(code) as upper(trim(code));
create macro type_precedence(kind) as (select cast(t.place as int) from given.event_type as t where t.event_type = kind);
create macro z() as 1.959963984540054;
create macro wilson_lower(hits, trials, confidence) as case when hits = 0 then 0.0 else greatest(0.0,
    (hits / trials + z() * z() / (2 * trials)
        - z() * sqrt((hits / trials * (1 - hits / trials) + z() * z() / (4 * trials)) / trials))
    / (1 + z() * z() / trials)) end;
"""

# What DuckDB spells otherwise.
SPELLINGS = [
    (r"\bleft anti join\b", "anti join"),
    (r"\bleft semi join\b", "semi join"),
]


class Lake:
    """A database in memory with a schema for each of the lake's."""

    def __init__(self, lake: Path, models: Path, given: Path, out: Path, memory_mb: int, names: list[str]):
        self.lake, self.models, self.out, self.names = lake, models, out, names
        self.db = duckdb.connect()
        self.db.execute(f"set memory_limit = '{memory_mb}MB'")
        self.db.execute(f"set temp_directory = '{out}/spill'")
        self.db.execute("set preserve_insertion_order = false")
        self.db.execute("set TimeZone = 'UTC'")
        for schema in ["core", "marts", "rules", "given"]:
            self.db.execute(f"create schema {schema}")
        for file in given.glob("*.csv"):
            rows = f"read_csv('{file}', header = true, all_varchar = {file.stem.startswith('given.')})"
            self.db.execute(f"create table {file.stem} as select * from {rows}")
            # Where there are no rows, DuckDB takes every column for text.
            for column, *_ in self.db.execute(f"describe {file.stem}").fetchall():
                if file.stem.startswith("rules.") and column in ("valid_from", "valid_to"):
                    self.db.execute(f"alter table {file.stem} alter {column} type date")
        self.db.execute(MACROS)

    def statement(self, name: str) -> str:
        """The SQL of a model without its header."""
        schema, table = name.split(".")
        (file,) = (self.models / schema).rglob(f"{table}.sql")
        sql = "\n".join(line for line in file.read_text().splitlines() if not line.startswith("--"))
        for pattern, spelling in SPELLINGS:
            sql = re.sub(pattern, spelling, sql)
        return sql

    def of_hub(self, name: str) -> str:
        """The rows of a table as the hub's log names them."""
        table = DeltaTable(str(self.lake / name.replace(".", "/")))
        parted = bool(table.metadata().partition_columns)
        return f"select * from read_parquet({table.file_uris()!r}, hive_partitioning = {parted})"

    def of_peer(self, name: str) -> str:
        return f"select * from read_parquet('{self.out}/{name}.parquet')"

    def build(self) -> None:
        sql = {name: self.statement(name) for name in self.names}
        read = set(re.findall(r"\b(?:core|marts)\.\w+", "\n".join(sql.values())))
        for name in sorted(read - set(self.names)):
            self.db.execute(f"create view {name} as {self.of_hub(name)}")
        for name in self.names:
            began = time.monotonic()
            self.db.execute(f"copy ({sql[name]}) to '{self.out}/{name}.parquet' (format parquet, compression snappy)")
            seconds = time.monotonic() - began
            self.db.execute(f"create view {name} as {self.of_peer(name)}")
            (rows,) = self.db.execute(f"select count(*) from {name}").fetchone()
            print(json.dumps({"model": name, "rows": rows, "seconds": seconds}), flush=True)

    def compare(self) -> None:
        for name in self.names:
            columns = self.db.execute(f"describe {self.of_hub(name)}").fetchall()
            hub, peer = (self.rows(of, columns) for of in [self.of_hub(name), self.of_peer(name)])
            only = [f"(select count(*) from ({a} except all {b}))" for a, b in [(hub, peer), (peer, hub)]]
            only_hub, only_peer = self.db.execute(f"select {only[0]}, {only[1]}").fetchone()
            print(json.dumps({"model": name, "only_hub": only_hub, "only_peer": only_peer}), flush=True)

    def rows(self, source: str, columns: list) -> str:
        """The same columns in the hub's types; of shares as many digits as both compute alike."""
        cells = [
            f"round({column}, 9)" if kind == "DOUBLE" else f"cast({column} as {kind})"
            for column, kind, *_ in columns
        ]
        return f"select {', '.join(cells)} from ({source})"


def main() -> None:
    what, memory_mb = sys.argv[1], int(sys.argv[6])
    lake, models, given, out = (Path(argument) for argument in sys.argv[2:6])
    out.mkdir(parents=True, exist_ok=True)
    {"build": Lake.build, "compare": Lake.compare}[what](Lake(lake, models, given, out, memory_mb, sys.argv[7:]))


if __name__ == "__main__":
    main()
