-- Held until the transaction ends: the lease cannot be taken by somebody else between look and write.
select fence from lease where name = $1 for share
