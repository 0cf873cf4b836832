select version, encode(checksum, 'hex') as checksum from _sqlx_migrations where success order by version
