//! What `systems discover` answers.

use serde::Serialize;

/// A field as the system describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscoveredField {
    /// The name to ask for it by.
    pub name: String,
    /// What its users call it.
    pub title: String,
    /// The system's own word or number for its type.
    pub data_type: String,
    /// Added by this customer, not by the vendor.
    pub is_custom: bool,
    /// Whether the hub reads it under the present configuration.
    pub is_read: bool,
}

/// An object (form, table, file) as the system describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscoveredObject {
    /// The system's own name: form id, table, file name.
    pub name: String,
    /// What its users call it.
    pub title: String,
    /// The stream that reads it, if any.
    pub stream: Option<String>,
    /// Its fields.
    pub fields: Vec<DiscoveredField>,
}
