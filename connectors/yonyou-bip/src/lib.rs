//! Yonyou BIP and YonSuite (用友 BIP) over their OpenAPI.
