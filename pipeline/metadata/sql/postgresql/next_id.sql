-- Columns that number their rows.
select column_name::text from information_schema.columns
where table_schema = current_schema() and table_name = $1 and is_identity = 'YES'
