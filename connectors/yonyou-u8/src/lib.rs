//! Yonyou U8 (用友 U8) databases as a catalogue over SQL Server.
