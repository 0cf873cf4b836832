//! The one place where a route's permission is asked for.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::audited::note;
use super::caller::Caller;
use crate::access::Permission;
use crate::api::Api;
use crate::ports::AuditOutcome;
use crate::problem::Problem;

/// A permission as a type.
pub trait Needs: Send + Sync {
    /// The permission.
    const PERMISSION: Permission;
}

/// Somebody who has the permission `P`. There is no other way to a port than through this, so a
/// route cannot forget to ask.
pub struct Staff<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P> Deref for Staff<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Needs> FromRequestParts<Arc<Api>> for Staff<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        if !P::PERMISSION.is_of(caller.principal.role) {
            let object = format!("{} {}", parts.method, parts.uri.path());
            note(api, &caller, "access", &object, AuditOutcome::Refused, P::PERMISSION.name())
                .await?;
            return Err(Problem::forbidden(format!(
                "{} needs the permission {}; ask an admin for a role that has it",
                parts.uri.path(),
                P::PERMISSION.name()
            )));
        }
        Ok(Self { caller, permission: PhantomData })
    }
}

macro_rules! needs {
    ($($name:ident),+ $(,)?) => {
        /// Every permission as a type.
        pub mod needs {
            use super::{Needs, Permission};
            $(
                /// The permission of this name.
                #[derive(Debug)]
                pub struct $name;

                impl Needs for $name {
                    const PERMISSION: Permission = Permission::$name;
                }
            )+
        }
    };
}

needs!(
    SystemsRead,
    SystemsWrite,
    JobsRead,
    JobsWrite,
    RunsRead,
    RunsWrite,
    RejectsRead,
    RejectsWrite,
    DriftRead,
    DriftWrite,
    ConfigurationRead,
    ConfigurationWrite,
    AccountsRead,
    AccountsWrite,
    AuditRead,
    AlertsRead,
    AlertsHandle,
    AlertsConfigure,
    ReportsRead,
    FreshnessRead,
    RegionsRead,
    CorrectionsWrite,
    CasesRead,
    CasesDecide,
    CasesAppeal,
    ClaimsRead,
    ClaimsDecide,
    TraceRead,
    RecallRead,
    DealerRead,
    EventsWrite,
    ChecksAsk,
);
