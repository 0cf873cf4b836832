//! Whoever stands behind a request.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account is for; decides which routes it may use.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps the hub: systems, jobs, accounts, configuration.
    Admin,
    /// Reads sales and diversion of its regions.
    Management,
    /// Works diversion cases, recalls and upload quality.
    Operations,
    /// Closes the promoters' month.
    Finance,
    /// Sees its own subtree of dealers.
    Dealer,
    /// Sends scan events and asks gates.
    Device,
    /// Asks whether a code is genuine.
    Public,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Admin,
        Self::Management,
        Self::Operations,
        Self::Finance,
        Self::Dealer,
        Self::Device,
        Self::Public,
    ];
}

/// The language an account reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Locale {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// Whoever stands behind a request, and how far they see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The account's or device's name.
    pub login: String,
    /// What people call them.
    pub display_name: String,
    /// What they are for.
    pub role: Role,
    /// The region codes they see with everything below; empty: all of China.
    pub regions: Vec<String>,
    /// The root of the subtree of dealers they see; none: not a dealer.
    pub dealer_code: Option<String>,
    /// The language they read.
    pub locale: Locale,
}
