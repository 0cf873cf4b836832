-- Every connection: limits below those of the hub's own calls, times in UTC.
set statement_timeout = '25s';
set lock_timeout = '10s';
set idle_in_transaction_session_timeout = '60s';
set time zone 'UTC';
