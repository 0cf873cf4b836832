select version, hex(checksum) as checksum from _sqlx_migrations where success order by version
