select column_name::text from information_schema.columns
where table_schema = current_schema() and table_name = $1
order by ordinal_position
