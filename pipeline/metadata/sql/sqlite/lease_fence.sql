select fence from lease where name = $1
