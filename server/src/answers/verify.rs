//! The graded verdict on a code that a consumer or an officer asks about.

use chrono_tz::Tz;
use serde_json::{Value, json};
use yuanliu_law::EventType;
use yuanliu_regions::RegionTable;
use yuanliu_trace_index::{Event, Text, UnitHistory};

use super::{instant, is_recalled};
use crate::config::VerifyRules;
use crate::knowledge::Knowledge;

/// A longer code names a town or a village.
const COUNTY_DIGITS: usize = 6;

/// Province, city, county.
const LEVELS: usize = 3;

/// Microseconds in a second.
const SECOND_US: i64 = 1_000_000;

/// What the ledger says about a code; never "fake" on count alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    GenuineFirst,
    GenuineAgain,
    Recheck,
    SuspiciousClone,
    NotShipped,
    Recalled,
    Decommissioned,
    Unknown,
}

impl Verdict {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::GenuineFirst => "genuine_first",
            Self::GenuineAgain => "genuine_again",
            Self::Recheck => "recheck",
            Self::SuspiciousClone => "suspicious_clone",
            Self::NotShipped => "not_shipped",
            Self::Recalled => "recalled",
            Self::Decommissioned => "decommissioned",
            Self::Unknown => "unknown",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::GenuineFirst => "正品，首次查询。Genuine, checked for the first time.",
            Self::GenuineAgain => {
                "正品，此前已被查询，请核对首次查询时间与地点。Genuine, checked before: compare the time and place of the first check."
            }
            Self::Recheck => "您刚查询过此码。You have just checked this code.",
            Self::SuspiciousClone => {
                "此码被多次异地查询，请谨慎，可联系客服核实。Checked in ways one item cannot be: please contact us."
            }
            Self::NotShipped => {
                "此产品尚未出厂，请勿购买并联系客服。Not shipped yet: do not buy, please contact us."
            }
            Self::Recalled => "此产品已被召回，请停止使用。Recalled: stop using it.",
            Self::Decommissioned => {
                "此码已作废，请勿购买并联系客服。Taken out of use: do not buy, please contact us."
            }
            Self::Unknown => "未找到此码，请核对后重试。Not found: check the code and try again.",
        }
    }
}

/// A verdict with what it stands on.
#[derive(Debug, Clone)]
pub(crate) struct Verified(Value);

impl Verified {
    /// The answer; the dealer is for staff and dealers only.
    pub(crate) fn into_json(mut self, is_staff: bool) -> Value {
        if !is_staff && let Some(answer) = self.0.as_object_mut() {
            answer.remove("dealer_name");
        }
        self.0
    }
}

/// What codes are judged with.
pub(crate) struct Verifier<'a> {
    pub(crate) known: &'a Knowledge,
    pub(crate) rules: &'a VerifyRules,
    pub(crate) regions: &'a RegionTable,
    pub(crate) zone: Tz,
    pub(crate) now_us: i64,
}

impl Verifier<'_> {
    /// Judges a code as it was asked for; `asker` tells the device that asks now, if it is known.
    pub(crate) fn verify(
        &self,
        asked: &str,
        history: Option<&UnitHistory>,
        asker: Option<&str>,
    ) -> Verified {
        let Self { known, rules, zone, now_us, .. } = *self;
        let checks = history.map(checks).unwrap_or_default();
        let verdict = history
            .map_or(Verdict::Unknown, |history| judge(history, &checks, rules, asker, now_us));
        let is_known = verdict != Verdict::Unknown;
        let origin = history.and_then(|h| h.origin.as_ref()).filter(|_| is_known);
        let product = origin.and_then(|origin| origin.product_code.as_ref());
        let product = product.and_then(|code| known.products.get(code));
        let dealer = history.and_then(|h| h.custody_at(now_us)).filter(|_| is_known);
        let dealer = dealer.map(|held| match known.dealers.get(&held.dealer_code) {
            Some(facts) => facts.name.clone().unwrap_or_else(|| held.dealer_code.clone()),
            None => held.dealer_code.clone(),
        });
        let first = checks.first().copied();
        Verified(json!({
            "code": history.map_or(asked, |history| &history.code),
            "verdict": verdict.as_str(),
            "product_name": product.and_then(|facts| facts.name.as_ref()),
            "batch_no": origin.and_then(|origin| origin.batch_no.as_ref()),
            "dealer_name": dealer,
            "first_checked_at": first.and_then(|one| one.time_us).map(|at| instant(at, zone)),
            "first_checked_place": first.and_then(|event| self.place(event)),
            "checks": checks.len(),
            "message": verdict.message(),
        }))
    }

    /// The names of a place no finer than the county: where somebody is, is personal.
    fn place(&self, event: &Event) -> Option<String> {
        let code: String = event.text(Text::RegionCode)?.chars().take(COUNTY_DIGITS).collect();
        let mut names = Vec::new();
        let mut at = self.regions.get(&code);
        while let Some(region) = at.filter(|_| names.len() < LEVELS) {
            names.push(region.name);
            at = region.parent_code.and_then(|parent| self.regions.get(parent));
        }
        names.reverse();
        Some(if names.is_empty() { code } else { names.concat() })
    }
}

/// The codes of a question, which have `;` between them.
pub(crate) fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|code| !code.is_empty())
}

/// What consumers and inspectors asked before, in order of time.
fn checks(history: &UnitHistory) -> Vec<&Event> {
    let seen = history.sightings().map(|event| &**event);
    seen.filter(|event| matches!(event.event_type, EventType::Verify | EventType::PurchaseCheck))
        .collect()
}

fn judge(
    history: &UnitHistory,
    checks: &[&Event],
    rules: &VerifyRules,
    asker: Option<&str>,
    now_us: i64,
) -> Verdict {
    if !history.facts.is_commissioned {
        return Verdict::Unknown;
    }
    if history.facts.decommissioned_at_us.is_some() {
        return Verdict::Decommissioned;
    }
    if is_recalled(history) {
        return Verdict::Recalled;
    }
    if history.facts.last_ship_us.is_none() && history.custody.is_empty() {
        return Verdict::NotShipped;
    }
    if is_cloned(checks, rules) {
        return Verdict::SuspiciousClone;
    }
    let Some(last) = checks.last() else { return Verdict::GenuineFirst };
    let is_same_session = asker.is_some()
        && last.text(Text::DeviceId) == asker
        && last.time_us.is_some_and(|at| now_us - at <= rules.session_s * SECOND_US);
    if is_same_session {
        let own = checks.iter().all(|one| one.text(Text::DeviceId) == asker);
        return if own && checks.len() == 1 { Verdict::Recheck } else { Verdict::GenuineAgain };
    }
    Verdict::GenuineAgain
}

/// Whether one item can hardly have been checked so: by many devices often, or in two provinces within
/// a time in which nobody travels.
fn is_cloned(checks: &[&Event], rules: &VerifyRules) -> bool {
    let mut devices: Vec<&str> = checks.iter().filter_map(|one| one.text(Text::DeviceId)).collect();
    devices.sort_unstable();
    devices.dedup();
    let is_frequent =
        checks.len() as i64 > rules.clone_checks && devices.len() as i64 > rules.clone_devices;
    let leaps = checks.windows(2).any(|pair| {
        let [one, next] = pair else { return false };
        let (Some(from), Some(to)) = (province(one), province(next)) else { return false };
        let (Some(left), Some(reached)) = (one.time_us, next.time_us) else { return false };
        from != to && reached - left <= rules.province_leap_s * SECOND_US
    });
    is_frequent || leaps
}

/// The first two digits of a region code say the province.
fn province(event: &Event) -> Option<&str> {
    // An address of the network says too little about where a telephone is.
    if event.text(Text::LocationSource) == Some("ip") {
        return None;
    }
    event.text(Text::RegionCode)?.get(..2)
}
