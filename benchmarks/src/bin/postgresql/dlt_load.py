"""Loads mes.order_line with dlt and connectorx into a Delta table: the peer of the measurement.

usage: dlt_load.py CONNECTION FOLDER
A second run with the same folder reads what changed since the first.
"""

import os
import sys

connection, folder = sys.argv[1], sys.argv[2]
os.environ["DLT_DATA_DIR"] = f"{folder}/state"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION"] = "true"

import dlt  # noqa: E402
from dlt.destinations import filesystem  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402

lines = sql_table(
    credentials=connection,
    table="order_line",
    schema="public",
    backend="connectorx",
    backend_kwargs={"return_type": "arrow"},
    reflection_level="full",
    incremental=dlt.sources.incremental("changed_at"),
)
lines.apply_hints(table_format="delta", write_disposition="append")
pipeline = dlt.pipeline(
    pipeline_name="order_line",
    destination=filesystem(bucket_url=f"file://{folder}/lake"),
    dataset_name="raw",
    pipelines_dir=f"{folder}/pipelines",
)
pipeline.run(lines)
rows = pipeline.last_trace.last_normalize_info.row_counts.get("order_line", 0)
print(rows)
