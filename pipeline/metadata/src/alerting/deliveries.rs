//! The deliveries.

use chrono::{DateTime, Utc};
use yuanliu_alerts::{Delivery, DeliveryFilter, DeliveryStatus};

use super::alerts::below;
use super::delivery_row::{DeliveryRow, columns};
use crate::error::MetadataError;
use crate::store::Metadata;
use crate::store::value::{Sql, asked, exact, time, values};

/// What processes that change several deliveries take turns for.
const TURN: &str = "deliveries";

impl Metadata {
    pub(super) async fn list_due_deliveries(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, MetadataError> {
        self.all(
            format!("reading the deliveries of {channel}"),
            concat!(
                "select ",
                columns!(),
                " from alert_delivery where channel = $1 and status in ('pending', 'failed') \
                 and next_at <= $2 order by created_at, delivery_id limit $3"
            ),
            values![channel, exact(now), rows_max],
            DeliveryRow::delivery,
        )
        .await
    }

    pub(super) async fn note_deliveries_begun(
        &self,
        deliveries: &[Delivery],
        until: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, MetadataError> {
        self.within(format!("noting that {} deliveries are sent", deliveries.len()), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time(TURN).await?;
            let mut begun = Vec::with_capacity(deliveries.len());
            for delivery in deliveries {
                let row: Option<DeliveryRow> = work
                    .row(
                        concat!(
                            "update alert_delivery set attempts = attempts + 1, next_at = $3 \
                             where delivery_id = $1 and attempts = $2 \
                             and status in ('pending', 'failed') returning ",
                            columns!()
                        ),
                        values![&delivery.delivery_id, delivery.attempts, exact(until)],
                    )
                    .await?;
                if let Some(row) = row {
                    begun.push(row.delivery()?);
                }
            }
            work.commit().await?;
            Ok(begun)
        })
        .await
    }

    pub(super) async fn note_deliveries_settled(
        &self,
        deliveries: &[Delivery],
    ) -> Result<(), MetadataError> {
        self.within(format!("noting how {} deliveries fared", deliveries.len()), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time(TURN).await?;
            for delivery in deliveries {
                work.execute(
                    "update alert_delivery set status = $2, attempts = $3, next_at = $4, \
                     last_error = $5, sent_at = $6, message_id = $7 \
                     where delivery_id = $1 and status in ('pending', 'failed')",
                    values![
                        &delivery.delivery_id,
                        delivery.status.as_str(),
                        delivery.attempts,
                        exact(delivery.next_at),
                        &delivery.last_error,
                        delivery.sent_at.map(exact),
                        &delivery.message_id,
                    ],
                )
                .await?;
            }
            work.commit().await
        })
        .await
    }

    pub(super) async fn list_deliveries(
        &self,
        filter: &DeliveryFilter,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, MetadataError> {
        let (created_at, delivery_id) = below(filter.after.as_ref());
        let sql = format!(
            "select {} from alert_delivery where {} and {} and {} \
             and (created_at, delivery_id) < ($4, $5) \
             order by created_at desc, delivery_id desc limit $6",
            columns!(),
            asked("alert_id", 1, &filter.alert_id),
            asked("channel", 2, &filter.channel),
            asked("status", 3, &filter.status),
        );
        self.all(
            "listing deliveries",
            Sql::Made(sql),
            values![
                &filter.alert_id,
                &filter.channel,
                filter.status.map(DeliveryStatus::as_str),
                created_at,
                delivery_id,
                rows_max,
            ],
            DeliveryRow::delivery,
        )
        .await
    }

    pub(super) async fn message_times(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, MetadataError> {
        self.all(
            format!("counting the messages of {channel}"),
            "select min(sent_at) as sent_at from alert_delivery where channel = $1 \
             and sent_at is not null and sent_at >= $2 and message_id is not null \
             group by message_id order by 1",
            values![channel, exact(since)],
            |(sent_at,): (String,)| time(&sent_at),
        )
        .await
    }
}
