//! From a signal to the people it concerns.
//!
//! A [`Signal`] says what happened. Rules of `alerts.toml` make it an [`Alert`], one for all signals
//! about one thing, and give it a [`Delivery`] for each recipient. Deliveries are sent by channels
//! until they are taken or given up; an alert that nobody acknowledges is told to further people.
//!
//! An alert and its deliveries are written in one transaction, and a delivery's id follows from what
//! it is about, so that nothing is told twice in a dedup window and step, and nothing is forgotten,
//! wherever the process ends. Only a message whose taking could not be noted is sent again, under
//! the same id. No text made here holds a token or key.

mod acceptance;
mod alert;
mod channels;
mod clock;
mod config;
mod delivery;
mod engine;
mod kind;
mod memory;
mod network;
mod secret;
mod severity;
mod signal;
mod store;
mod template;
mod transport;

pub use acceptance::{Broken, check_store};
pub use alert::{Alert, AlertStatus};
pub use channels::SendError;
pub use clock::{Clock, SystemClock};
pub use config::{
    Address, AlertsConfig, ByDigits, Channel, ChannelKind, Language, Patience, Problem, QuietHours,
    Regions, Rule, Step, Target,
};
pub use delivery::{Delivery, DeliveryKey, DeliveryStatus};
pub use engine::{AlertDesk, ChannelReport, Handled, TestError};
pub use kind::SignalKind;
pub use memory::MemoryAlertStore;
pub use network::{Network, NetworkError};
pub use secret::{Secret, SecretSource};
pub use severity::Severity;
pub use signal::{Phase, Signal};
pub use store::{AlertFilter, AlertStore, DeliveryFilter, Saved, StoreError};
pub use transport::{
    HttpAnswer, HttpPost, Mail, MailSecurity, MailServer, Transport, TransportError,
};
