//! XML documents of Yonyou U8 EAI (用友 U8 企业应用集成) and NC XChange (NC 外部交换平台).
//!
//! [`YonyouU8Eai`] reads U8 archives and documents and writes sales outbound documents; [`YonyouNc`]
//! only writes, because the servlet only takes. Both protocols are one XML document per HTTP body; the
//! crate refuses document types and entities outright, bounds depth and number of elements, and decodes
//! by declaration. It does not map a field to the canonical model, does not retry and keeps no position.
//!
//! Reading order: `xml`, `catalog`, `eai/config`, `eai/client`, `eai/query`, `eai/passes`, `eai/source`,
//! `decode`, `eai/writer`, `nc`.

mod catalog;
mod decode;
mod eai;
mod nc;
mod receipt;
mod row;
mod xml;

pub use eai::YonyouU8Eai;
pub use nc::YonyouNc;
