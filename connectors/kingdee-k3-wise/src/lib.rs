//! Kingdee K/3 WISE (金蝶 K/3 WISE) as a catalogue over SQL Server.
