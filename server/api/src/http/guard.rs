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
use crate::router::ROOT;

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
        caller.expect_own_password()?;
        if !caller.principal.may(P::PERMISSION) {
            let path = format!("{ROOT}{}", parts.uri.path());
            let object = format!("{} {path}", parts.method);
            note(api, &caller, "access", &object, AuditOutcome::Refused, P::PERMISSION.name())
                .await?;
            return Err(Problem::forbidden(format!(
                "{path} needs the permission {}; ask an admin for a role that has it",
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
    ReadSystems,
    WriteSystems,
    ReadJobs,
    WriteJobs,
    ReadRuns,
    WriteRuns,
    ReadRejects,
    WriteRejects,
    ReadDrift,
    WriteDrift,
    ReadConfiguration,
    WriteConfiguration,
    ReadAccounts,
    WriteAccounts,
    ReadAudit,
    ReadAlerts,
    HandleAlerts,
    ConfigureAlerts,
    ReadReports,
    ReadFreshness,
    ReadRegions,
    WriteCorrections,
    ReadCases,
    DecideCases,
    AppealCases,
    ReadClaims,
    DecideClaims,
    Trace,
    ReadRecall,
    ReadDealerDesk,
    WriteEvents,
    AskChecks,
);
