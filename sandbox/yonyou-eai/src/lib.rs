//! A server that speaks Yonyou U8 EAI and NC XChange XML.
