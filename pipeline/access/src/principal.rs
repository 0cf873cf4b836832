//! Somebody who was let in.

use serde::{Deserialize, Serialize};

use crate::permission::{Permission, Reach};
use crate::role::{Locale, Role};
use crate::scope::{DealerScope, RegionScope, RowScope};

/// Somebody the hub knows, and what counts about them for every answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Names the account; `token:NAME` for a device, `public` for a consumer.
    pub login: String,
    /// What people call them.
    pub display_name: String,
    /// What they are to the hub.
    pub role: Role,
    /// Region codes they see, with all that these contain; empty: all China.
    pub regions: Vec<String>,
    /// The root of the subtree of dealers they see; required of a dealer.
    pub dealer_code: Option<String>,
    /// The language of their answers.
    pub locale: Locale,
}

impl Principal {
    /// Somebody without a login.
    #[must_use]
    pub fn public(locale: Locale) -> Self {
        Self {
            login: "public".to_owned(),
            display_name: String::new(),
            role: Role::Public,
            regions: Vec::new(),
            dealer_code: None,
            locale,
        }
    }

    /// How far `permission` reaches for them.
    #[must_use]
    pub fn reach(&self, permission: Permission) -> Reach {
        match permission.reach(self.role) {
            // A dealer without a code owns nothing.
            Reach::Own if self.dealer_code.is_none() => Reach::No,
            reach => reach,
        }
    }

    /// Whether they may at all; what they see of it is up to [`Self::row_scope`].
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.reach(permission) != Reach::No
    }

    /// The permissions they have.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }

    /// The rows they see, on every surface alike.
    #[must_use]
    pub fn row_scope(&self) -> RowScope {
        let regions = if self.regions.is_empty() {
            RegionScope::All
        } else {
            RegionScope::Only(self.regions.clone())
        };
        let dealers = match (&self.dealer_code, self.role) {
            (Some(root), _) => DealerScope::Subtree(root.clone()),
            // No dealer has an empty code: a dealer without one sees nothing.
            (None, Role::Dealer) => DealerScope::Subtree(String::new()),
            (None, _) => DealerScope::All,
        };
        RowScope { regions, dealers }
    }
}
