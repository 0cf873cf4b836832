//! A server that speaks the Yonyou U8 OpenAPI.
