//! Who asks, and what they may do: the words of `yuanliu-access`, and how the document tells them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use yuanliu_access::reports::report_permission;
pub use yuanliu_access::{Locale, Permission, Principal, Reach, Role};

/// What an account is for; decides which routes it may use.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Role)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a word of another crate")]
pub(crate) enum RoleWord {
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
    /// A program of the hub's own machine.
    Local,
}

/// What an account of a person is for.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AccountRole)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes words of another crate")]
pub(crate) enum AccountRoleWord {
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
}

/// The language an account reads.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Locale)]
#[allow(dead_code, reason = "describes a word of another crate")]
pub(crate) enum LocaleWord {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// Whether somebody may read the report called `name`.
pub(crate) fn may_read_report(who: &Principal, name: &str) -> bool {
    who.may(report_permission(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_knows_every_role_and_language() {
        for role in Role::ALL {
            let word: RoleWord = serde_json::from_value(serde_json::json!(role)).unwrap();
            assert_eq!(serde_json::json!(word), role.name());
        }
        for role in Role::ALL.into_iter().filter(|role| role.has_accounts()) {
            let word: AccountRoleWord = serde_json::from_value(serde_json::json!(role)).unwrap();
            assert_eq!(serde_json::json!(word), role.name());
        }
        for locale in [Locale::Chinese, Locale::English] {
            let word: LocaleWord = serde_json::from_value(serde_json::json!(locale)).unwrap();
            assert_eq!(serde_json::json!(word), locale.tag());
        }
    }
}
