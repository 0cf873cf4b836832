//! What each channel makes of a message, and what it makes of the answer. No network here.

mod answer;
mod dingtalk;
mod feishu;
mod mail;
mod markup;
mod sign;
mod webhook;
mod wecom;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::config::{Channel, ChannelKind};
use crate::severity::Severity;
use crate::transport::{Transport, TransportError};

pub(crate) use markup::Markup;

/// One message to one recipient, worded for its channel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// Unique, the same for every attempt.
    pub(crate) message_id: String,
    /// One line.
    pub(crate) title: String,
    /// The rest, in the channel's markup.
    pub(crate) text: String,
    /// The greatest of what it tells.
    pub(crate) severity: Severity,
    /// Whom, in the channel's own terms; empty: the whole group.
    pub(crate) recipient: String,
    /// When it is sent.
    pub(crate) at: DateTime<Utc>,
    /// The alerts it tells, for machines.
    pub(crate) alerts: Vec<Value>,
}

/// Why a channel did not take a message. The text holds no token or key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too many messages; none more before the time is over.
    #[error("{why}")]
    Limited {
        /// What was said.
        why: String,
        /// So long from now.
        wait: Duration,
    },
    /// It may work later.
    #[error("{why}")]
    Failed {
        /// What was said.
        why: String,
        /// Not sooner than this, if the other side said so.
        wait: Option<Duration>,
    },
    /// It will not work until somebody changes something.
    #[error("{why}")]
    Refused {
        /// What was said and what to do.
        why: String,
    },
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        let why = error.to_string();
        match error {
            TransportError::Unreachable(_) | TransportError::Later(_) => {
                Self::Failed { why, wait: None }
            }
            TransportError::Refused(_) => Self::Refused { why },
        }
    }
}

impl Channel {
    /// How values are written in this channel's texts.
    pub(crate) fn markup(&self) -> Markup {
        match self.kind {
            ChannelKind::DingTalk { .. }
            | ChannelKind::WeCom { .. }
            | ChannelKind::Feishu { .. } => Markup::Markdown,
            ChannelKind::Mail(_) | ChannelKind::Webhook { .. } => Markup::Plain,
        }
    }

    /// Sends a message; done when the other side said that it has taken it.
    pub(crate) async fn send(
        &self,
        transport: &dyn Transport,
        message: &Message,
    ) -> Result<(), SendError> {
        match &self.kind {
            ChannelKind::DingTalk { webhook, secret } => {
                let request = dingtalk::request(webhook, secret.as_ref(), message);
                dingtalk::judge(&transport.post(request).await?, message.at)
            }
            ChannelKind::WeCom { webhook } => {
                let request = wecom::request(webhook, message);
                wecom::judge(&transport.post(request).await?, message.at)
            }
            ChannelKind::Feishu { webhook, secret } => {
                let request = feishu::request(webhook, secret.as_ref(), message);
                feishu::judge(&transport.post(request).await?, message.at)
            }
            ChannelKind::Webhook { url, secret } => {
                let request = webhook::request(url, secret, message)?;
                answer::status(&transport.post(request).await?, message.at)
            }
            ChannelKind::Mail(server) => {
                Ok(transport.mail(server, mail::mail(server, message)).await?)
            }
        }
    }
}
