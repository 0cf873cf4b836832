//! The catalogue queries, as every release since SQL Server 2008 answers them.
//!
//! Catalogue views show what the login may see; none of these needs `VIEW DATABASE STATE`.

use yuanliu_sql_kit::Dialect;

use crate::dialect::TransactSql;

/// Columns of all tables and views, or of the one named by `@P1` (schema) and `@P2` (name).
///
/// Answers `schema_name, table_name, column_name, type_name, max_length, precision, scale,
/// collation_name, is_nullable, is_identity, is_computed, is_key`.
pub(super) fn columns(database: Option<&str>, is_one: bool) -> String {
    let sys = sys(database);
    let which = if is_one { " and s.name = @P1 and o.name = @P2" } else { "" };
    format!(
        "select s.name as schema_name, o.name as table_name, c.name as column_name, \
         coalesce(b.name, u.name) as type_name, c.max_length, c.precision, c.scale, \
         c.collation_name, c.is_nullable, c.is_identity, c.is_computed, \
         case when k.column_id is null then 0 else 1 end as is_key \
         from {sys}.columns as c \
         join {sys}.objects as o on o.object_id = c.object_id \
         join {sys}.schemas as s on s.schema_id = o.schema_id \
         left join {sys}.types as b on b.user_type_id = c.system_type_id \
         left join {sys}.types as u on u.user_type_id = c.user_type_id \
         left join (select ic.object_id, ic.column_id from {sys}.index_columns as ic \
         join {sys}.indexes as i on i.object_id = ic.object_id and i.index_id = ic.index_id \
         where i.is_primary_key = 1) as k on k.object_id = c.object_id and k.column_id = c.column_id \
         where o.type in ('U', 'V') and o.is_ms_shipped = 0{which} \
         order by s.name, o.name, c.column_id"
    )
}

/// Key columns of all indexes: `schema_name, table_name, index_id, column_name`.
pub(super) fn indexes(database: Option<&str>) -> String {
    let sys = sys(database);
    format!(
        "select s.name as schema_name, o.name as table_name, ic.index_id, c.name as column_name \
         from {sys}.index_columns as ic \
         join {sys}.objects as o on o.object_id = ic.object_id \
         join {sys}.schemas as s on s.schema_id = o.schema_id \
         join {sys}.columns as c on c.object_id = ic.object_id and c.column_id = ic.column_id \
         where o.is_ms_shipped = 0 and ic.key_ordinal > 0 \
         order by s.name, o.name, ic.index_id, ic.key_ordinal"
    )
}

/// About how many rows each table has: `schema_name, table_name, row_count`.
pub(super) fn row_counts(database: Option<&str>) -> String {
    let sys = sys(database);
    format!(
        "select s.name as schema_name, o.name as table_name, sum(p.rows) as row_count \
         from {sys}.partitions as p \
         join {sys}.objects as o on o.object_id = p.object_id \
         join {sys}.schemas as s on s.schema_id = o.schema_id \
         where o.is_ms_shipped = 0 and p.index_id in (0, 1) \
         group by s.name, o.name"
    )
}

/// What DBAs wrote about their tables: `schema_name, table_name, comment`.
pub(super) fn comments(database: Option<&str>) -> String {
    let sys = sys(database);
    format!(
        "select s.name as schema_name, o.name as table_name, \
         convert(nvarchar(4000), e.value) as comment \
         from {sys}.extended_properties as e \
         join {sys}.objects as o on o.object_id = e.major_id \
         join {sys}.schemas as s on s.schema_id = o.schema_id \
         where e.class = 1 and e.minor_id = 0 and e.name = 'MS_Description'"
    )
}

/// The columns of a query, `@P1`: `name, system_type_name, is_nullable, collation_name,
/// is_identity_column, error_message`. Since SQL Server 2012.
pub(super) const QUERY_COLUMNS: &str = "select name, system_type_name, is_nullable, \
    collation_name, is_identity_column, error_message \
    from sys.dm_exec_describe_first_result_set(@P1, null, 0) \
    where coalesce(is_hidden, 0) = 0 order by column_ordinal";

/// The columns of a query before SQL Server 2012, from the metadata of an empty answer.
pub(super) fn empty_answer(query: &str) -> String {
    format!("select top (0) * from ({query}) as q")
}

/// The catalogue views of a database.
fn sys(database: Option<&str>) -> String {
    match database {
        Some(database) => format!("{}.sys", TransactSql.quote(database)),
        None => "sys".to_owned(),
    }
}
