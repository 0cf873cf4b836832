//! How many calls a minute an account may take, by day and hour.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

/// A part of the week with a budget of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetWindow {
    /// The days it begins on.
    pub days: Vec<Weekday>,
    /// From this time of day on.
    pub from: NaiveTime,
    /// Until before this one; on the next day if it is not later than `from`.
    pub to: NaiveTime,
    /// Calls in any minute.
    pub calls_per_minute: u32,
}

impl BudgetWindow {
    fn covers(&self, day: Weekday, time: NaiveTime) -> bool {
        let begins_on = |day| self.days.contains(&day);
        if self.from < self.to {
            begins_on(day) && self.from <= time && time < self.to
        } else {
            (begins_on(day) && self.from <= time) || (begins_on(day.pred()) && time < self.to)
        }
    }
}

/// The budget of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBudget {
    /// The zone of its windows.
    pub time_zone: Tz,
    /// The first that covers an instant counts.
    pub windows: Vec<BudgetWindow>,
    /// Calls in any minute outside all windows.
    pub otherwise: u32,
}

impl CallBudget {
    /// Calls a minute at an instant.
    pub fn calls_per_minute(&self, at: DateTime<Utc>) -> u32 {
        let local = at.with_timezone(&self.time_zone);
        let covers = |window: &&BudgetWindow| window.covers(local.weekday(), local.time());
        self.windows.iter().find(covers).map_or(self.otherwise, |window| window.calls_per_minute)
    }
}

/// The budgets of all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallBudgets {
    /// By system; two systems never share an account.
    pub by_system: BTreeMap<String, CallBudget>,
}

impl CallBudgets {
    /// Calls a minute on the account of a system; none: what the system's own file says.
    pub fn calls_per_minute(&self, system: &str, at: DateTime<Utc>) -> Option<u32> {
        self.by_system.get(system).map(|budget| budget.calls_per_minute(at))
    }
}
