//! A server that speaks the Yonyou BIP OpenAPI.
