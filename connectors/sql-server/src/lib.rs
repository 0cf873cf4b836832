//! SQL Server over TDS.
