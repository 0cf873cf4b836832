//! The seam for call budgets.

use async_trait::async_trait;

/// Leave to make one remote call on one ERP account; waits until there is some.
#[async_trait]
pub trait CallBudget: Send + Sync {
    /// Returns when one call may be made. Called before every request, logins included.
    async fn acquire(&self);
}

/// A budget that never waits, for systems without remote calls.
#[derive(Debug, Clone, Copy)]
pub struct Unlimited;

#[async_trait]
impl CallBudget for Unlimited {
    async fn acquire(&self) {}
}
