//! One delivery as a row.

use sqlx::FromRow;
use yuanliu_alerts::{Delivery, DeliveryKey, DeliveryStatus};

use crate::error::Cause;
use crate::store::value::{Value, count, exact, time, time_if_any, values, word};

/// The columns of a [`DeliveryRow`] in their order.
macro_rules! columns {
    () => {
        "delivery_id, alert_id, round, step, channel, recipient, status, is_held, attempts, \
         next_at, last_error, created_at, sent_at, message_id"
    };
}
pub(super) use columns;

#[derive(FromRow)]
pub(super) struct DeliveryRow {
    delivery_id: String,
    alert_id: String,
    round: i64,
    step: i64,
    channel: String,
    recipient: String,
    status: String,
    is_held: i64,
    attempts: i64,
    next_at: String,
    last_error: Option<String>,
    created_at: String,
    sent_at: Option<String>,
    message_id: Option<String>,
}

impl DeliveryRow {
    pub(super) fn delivery(self) -> Result<Delivery, Cause> {
        Ok(Delivery {
            key: DeliveryKey {
                alert_id: self.alert_id,
                round: count(self.round)?,
                step: count(self.step)?,
                channel: self.channel,
                recipient: self.recipient,
            },
            status: word(&self.status, DeliveryStatus::parse(&self.status))?,
            is_held: self.is_held != 0,
            attempts: count(self.attempts)?,
            next_at: time(&self.next_at)?,
            created_at: time(&self.created_at)?,
            sent_at: time_if_any(self.sent_at.as_deref())?,
            delivery_id: self.delivery_id,
            last_error: self.last_error,
            message_id: self.message_id,
        })
    }
}

/// The values of a delivery in the order of [`columns`].
pub(super) fn row(delivery: &Delivery) -> Vec<Value> {
    let DeliveryKey { alert_id, round, step, channel, recipient } = &delivery.key;
    values![
        &delivery.delivery_id,
        alert_id,
        *round,
        *step,
        channel,
        recipient,
        delivery.status.as_str(),
        delivery.is_held,
        delivery.attempts,
        exact(delivery.next_at),
        &delivery.last_error,
        exact(delivery.created_at),
        delivery.sent_at.map(exact),
        &delivery.message_id,
    ]
}

/// Adds a delivery that may be there already.
pub(super) const INSERT: &str = concat!(
    "insert into alert_delivery (",
    columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
     on conflict (delivery_id) do nothing"
);
