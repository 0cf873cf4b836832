//! Roles, and the language somebody reads.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What somebody is to the hub. The order is that of the columns of the permission table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Configures systems, jobs and accounts.
    Admin,
    /// Reads sales and diversion.
    Management,
    /// Works diversion cases and recalls.
    Operations,
    /// Closes the promoter month.
    Finance,
    /// A dealer's own people; sees the custody of its own subtree only.
    Dealer,
    /// A collector on a line or a hand-held scanner; sends events only.
    Device,
    /// A consumer without a login; verifies codes only.
    Public,
    /// A program of the hub's own machine, where nobody else can reach the hub, or with the hub's own token.
    Local,
}

impl Role {
    /// Every role, in the order of the permission table.
    pub const ALL: [Self; 8] = [
        Self::Admin,
        Self::Management,
        Self::Operations,
        Self::Finance,
        Self::Dealer,
        Self::Device,
        Self::Public,
        Self::Local,
    ];

    /// The name in configuration, records and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Management => "management",
            Self::Operations => "operations",
            Self::Finance => "finance",
            Self::Dealer => "dealer",
            Self::Device => "device",
            Self::Public => "public",
            Self::Local => "local",
        }
    }

    /// Whether this is one of the company's own people.
    #[must_use]
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Admin | Self::Management | Self::Operations | Self::Finance)
    }

    /// Whether an account may have this role: somebody who logs in.
    #[must_use]
    pub fn has_accounts(self) -> bool {
        self.is_staff() || self == Self::Dealer
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A name that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no role; roles are admin, management, operations, finance, dealer, device, public"
)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.into_iter().find(|role| role.name() == name);
        found.ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

/// The language of answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Locale {
    /// The tag in configuration, records and answers.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language of a tag; `None` for one the hub does not speak.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        [Self::Chinese, Self::English].into_iter().find(|locale| locale.tag() == tag)
    }
}
