//! Who is told: people, and what a rule may write for them.

use std::collections::BTreeMap;

use crate::config::section::texts;
use crate::config::{Channel, ChannelKind, FILE, Problem};

/// What a rule writes for the manager of the region a signal is of.
pub(crate) const REGION_MANAGER: &str = "region_manager";

/// One recipient on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// The channel by name.
    pub channel: String,
    /// Whom, in the channel's own terms; empty: the whole group.
    pub recipient: String,
}

/// Whom a rule tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Address(Address),
    /// The manager of the nearest region that has one.
    RegionManager,
}

/// The names a file may use for recipients.
pub(crate) struct Names<'c> {
    channels: &'c BTreeMap<String, Channel>,
    people: BTreeMap<String, Vec<Address>>,
}

impl<'c> Names<'c> {
    pub(crate) fn read(
        table: toml::Table,
        channels: &'c BTreeMap<String, Channel>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut names = Self { channels, people: BTreeMap::new() };
        let mut people = BTreeMap::new();
        for (name, value) in table {
            let path = format!("{FILE}: [people] {name}");
            let mut problem = |message: String| {
                problems.push(Problem { path: path.clone(), message });
            };
            if channels.contains_key(&name) || name == REGION_MANAGER {
                problem("is also the name of a channel or of the region's manager".to_owned());
                continue;
            }
            let Some(written) = texts(&value) else {
                problem("should be a list of `channel:recipient`".to_owned());
                continue;
            };
            let found = written.iter().map(|text| names.address(text));
            match found.collect::<Result<Vec<_>, _>>() {
                Ok(addresses) => {
                    people.insert(name, addresses);
                }
                Err(message) => {
                    problem(message);
                    // Known all the same, so that rules which name him are not reported as well.
                    people.insert(name, Vec::new());
                }
            }
        }
        names.people = people;
        names
    }

    /// What a rule's word means.
    pub(crate) fn targets(&self, word: &str) -> Result<Vec<Target>, String> {
        if word == REGION_MANAGER {
            return Ok(vec![Target::RegionManager]);
        }
        Ok(self.addresses(word)?.into_iter().map(Target::Address).collect())
    }

    /// A person's addresses, or the one that is written.
    pub(crate) fn addresses(&self, word: &str) -> Result<Vec<Address>, String> {
        match self.people.get(word) {
            Some(addresses) => Ok(addresses.clone()),
            None => Ok(vec![self.address(word)?]),
        }
    }

    fn address(&self, written: &str) -> Result<Address, String> {
        let (channel, recipient) = written.split_once(':').unwrap_or((written, ""));
        let Some(known) = self.channels.get(channel) else {
            let names: Vec<_> = self.channels.keys().chain(self.people.keys()).cloned().collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(format!("`{written}` names no channel and no person; known are: {names}"));
        };
        check_recipient(&known.kind, written, recipient)?;
        Ok(Address { channel: channel.to_owned(), recipient: recipient.to_owned() })
    }
}

fn check_recipient(kind: &ChannelKind, written: &str, recipient: &str) -> Result<(), String> {
    match kind {
        ChannelKind::Mail(_) => match recipient.parse::<lettre::Address>() {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("`{written}` needs a mail address after the colon")),
        },
        ChannelKind::Webhook { .. } if !recipient.is_empty() => {
            Err(format!("`{written}`: a webhook has no recipients, write its name alone"))
        }
        // An id of a robot's group is put into the text of a message and must not be text itself.
        _ if recipient.chars().all(|c| c.is_ascii_alphanumeric() || "_-.+@".contains(c)) => Ok(()),
        _ => Err(format!("`{written}`: `{recipient}` is no number or id to mention")),
    }
}
