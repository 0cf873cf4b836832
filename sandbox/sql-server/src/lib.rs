//! A server that speaks TDS with the made-up company in Kingdee K/3 WISE and Yonyou U8 tables.
