//! Leases, by the clock of the database: processes whose clocks differ still agree on who holds one.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_schedule::{Lease, Leases, StoreError};

use super::failed;
use crate::error::Cause;
use crate::store::value::{count, each, values};
use crate::store::{Metadata, Work};

#[async_trait]
impl Leases for Metadata {
    /// `now` is the caller's clock and only tells it when to renew; who holds the lease is decided by the database's.
    async fn acquire(
        &self,
        name: &str,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError> {
        let action = "taking a lease";
        let lease = |(fence,): (i64,)| {
            // The caller looked at its clock before the database did: it takes the lease for ended early, never late.
            let expires_at = now + TimeDelta::from_std(ttl).unwrap_or(TimeDelta::zero());
            Ok(Lease {
                name: name.to_owned(),
                owner: owner.to_owned(),
                fence: count(fence)?,
                expires_at,
            })
        };
        self.one(
            format!("{action}: {name} for {owner}"),
            each!("lease_acquire"),
            values![name, owner, milliseconds(ttl)],
            lease,
        )
        .await
        .map_err(failed(action))
    }

    async fn renew(
        &self,
        lease: &Lease,
        _now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<bool, StoreError> {
        let action = "renewing a lease";
        self.execute(
            format!("{action}: {} of {}", lease.name, lease.owner),
            each!("lease_renew"),
            values![&lease.name, &lease.owner, lease.fence, milliseconds(ttl)],
        )
        .await
        .map(|rows| rows == 1)
        .map_err(failed(action))
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let action = "giving a lease back";
        self.execute(
            format!("{action}: {} of {}", lease.name, lease.owner),
            "update lease set owner = '', expires_ms = 0 \
             where name = $1 and owner = $2 and fence = $3",
            values![&lease.name, &lease.owner, lease.fence],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }
}

fn milliseconds(ttl: Duration) -> i64 {
    i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX / 2)
}

impl Work {
    /// Whether a lease is still the latest of its name; it stays so until this work ends.
    pub(super) async fn is_latest(&mut self, lease: &Lease) -> Result<bool, Cause> {
        let latest: Option<(i64,)> = self.row(each!("lease_fence"), values![&lease.name]).await?;
        Ok(latest
            .is_none_or(|(fence,)| u64::try_from(fence).is_ok_and(|fence| fence <= lease.fence)))
    }
}
