//! Yonyou U8 (用友 U8) over its OpenAPI relay.
