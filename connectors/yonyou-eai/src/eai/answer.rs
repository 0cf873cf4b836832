//! The items of an answer: `succeed="0"` is success, everything else is not (reference: yonyou.md 3.1).

use yuanliu_contract::{ConnectorError, ErrorKind};
use yuanliu_http_kit::reply::excerpt;

use super::client::Answer;
use crate::xml::Element;

/// The item says that the code exists.
const EXISTS: &str = "101";

/// What the server did with what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every item succeeded; the key in U8.
    Done(Option<String>),
    /// The number is in use.
    Exists(String),
    /// Not done, and why.
    Refused(String),
    /// Some items succeeded and some did not, or there is none: what U8 holds is not known.
    Unknown(String),
}

/// Evaluates all items of an answer.
pub(crate) fn outcome(answer: &Answer) -> Outcome {
    let (good, bad): (Vec<&Element>, Vec<&Element>) = answer
        .root
        .all("item")
        .partition(|item| item.attribute("succeed").map(str::trim) == Some("0"));
    let said: Vec<_> = bad
        .iter()
        .map(|item| {
            let code = item.attribute("succeed").unwrap_or("none");
            format!("{} (succeed {code})", item.attribute("dsc").unwrap_or("no reason given"))
        })
        .collect();
    let said = excerpt(&said.join("; "));
    match (good.first(), bad.first()) {
        (Some(item), None) => {
            Outcome::Done(item.attribute("u8key").filter(|key| !key.is_empty()).map(str::to_owned))
        }
        (Some(_), Some(_)) => Outcome::Unknown(format!("done in part: {said}")),
        (None, None) => Outcome::Unknown(format!("no item: {}", excerpt(&answer.text))),
        // An item without the attribute says nothing about what was done.
        (None, Some(_)) if bad.iter().any(|item| item.attribute("succeed").is_none()) => {
            Outcome::Unknown(said)
        }
        (None, Some(item)) if item.attribute("succeed") == Some(EXISTS) => Outcome::Exists(said),
        (None, Some(_)) => Outcome::Refused(said),
    }
}

/// The error of an answer that holds items instead of the records asked for.
pub(crate) fn refusal(answer: &Answer) -> Option<ConnectorError> {
    match outcome(answer) {
        Outcome::Refused(said) | Outcome::Exists(said) => {
            let error = answer.error(ErrorKind::Refused).with_detail(said);
            Some(error.with_hint("check sender, and that U8 knows the root tag and its columns"))
        }
        Outcome::Unknown(said) if answer.root.child("item").is_some() => {
            Some(answer.error(ErrorKind::Malformed).with_detail(said))
        }
        Outcome::Done(_) | Outcome::Unknown(_) => None,
    }
}
