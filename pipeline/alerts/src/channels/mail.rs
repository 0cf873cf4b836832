//! A message as mail.

use crate::channels::Message;
use crate::channels::markup::cut;
use crate::transport::{Mail, MailServer};

/// A subject longer than this is shown nowhere.
const SUBJECT_BYTES_MAX: usize = 200;

pub(crate) fn mail(server: &MailServer, message: &Message) -> Mail {
    let subject = message.title.replace(char::is_control, " ");
    let domain = server.from.rsplit('@').next().unwrap_or("yuanliu").trim_end_matches('>');
    Mail {
        to: message.recipient.clone(),
        subject: cut(&subject, SUBJECT_BYTES_MAX),
        text: format!("{}\n", message.text),
        message_id: format!("<{}@{domain}>", message.message_id),
    }
}
