//! Somebody changes their own password.

use serde_json::Value;

use crate::access::{Access, Actor};
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::password_policy::{PasswordFault, check_password};
use crate::records::Account;
use crate::secret::Secret;
use crate::sessions::{NewSession, Visitor};

impl Access {
    /// Changes the password of whoever is logged in with the visitor's cookie, logs them out everywhere, and
    /// in again here. The old password is asked for, and wrong ones count as at a login.
    pub async fn change_own_password(
        &self,
        current: Secret,
        next: Secret,
        visitor: &Visitor,
    ) -> Result<NewSession, AccessError> {
        let cookie = visitor.session.as_ref().ok_or(AccessError::NoSession)?;
        let opened = self.open_session(cookie).await?;
        let login = opened.principal.login.clone();
        self.proven(&login, current.clone(), &visitor.address).await?;
        if current == next {
            return Err(PasswordFault::Unchanged.into());
        }
        check_password(&login, &next)?;
        let hash = self.hasher.hash(next).await?;
        // Read again: proving the old password may have hashed it anew.
        let account = Account {
            password_hash: Some(hash),
            must_change_password: false,
            ..self.known(&login).await?
        };
        let account = self.replace(account).await?;
        self.stores.sessions.delete_sessions_of(&login, None).await?;
        let session = self.begin_session(&account, visitor).await?;
        let actor = Actor::new(&account.principal(), &visitor.address);
        self.note(&actor, "account.password_changed", &login, AuditOutcome::Done, Value::Null)
            .await?;
        Ok(session)
    }
}
