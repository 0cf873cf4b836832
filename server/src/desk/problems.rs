//! Problems of the configuration as a plan tells them.

use yuanliu_api::in_chinese;
use yuanliu_api::ports::PlanProblem;
use yuanliu_contract::ConfigProblem;

/// What the plan itself found.
pub(super) fn planned(one: yuanliu_plan::Problem) -> PlanProblem {
    PlanProblem {
        path: one.path,
        line: u32::try_from(one.line).ok(),
        key: None,
        message: one.message,
        message_zh: one.message_zh,
    }
}

/// What the hub found when it read the files: its place is `FILE: KEY`, `FILE:LINE: KEY` or `FILE`.
pub(super) fn checked(one: ConfigProblem) -> PlanProblem {
    let (path, place) = one.path.split_once(':').unwrap_or((&one.path, ""));
    let (line, key) = match place.split_once(": ") {
        Some((line, key)) if line.parse::<u32>().is_ok() => (line.parse().ok(), key),
        _ => (None, place),
    };
    let key = Some(key.trim()).filter(|key| !key.is_empty()).map(str::to_owned);
    let path = path.trim().to_owned();
    let message_zh = in_chinese(&one.message).into_owned();
    PlanProblem { path, line, key, message_zh, message: one.message }
}

#[cfg(test)]
mod tests {
    use yuanliu_contract::ConfigProblem;

    use super::checked;

    #[test]
    fn the_place_of_a_problem_is_taken_apart() {
        let told = |place: &str| {
            let problem = checked(ConfigProblem::new(place, "is wrong"));
            (problem.path, problem.line, problem.key)
        };
        let key = |text: &str| Some(text.to_owned());
        let system = "systems/erp.toml".to_owned();
        assert_eq!(
            told("systems/erp.toml: [write] defaults.delivery_result"),
            (system.clone(), None, key("[write] defaults.delivery_result"))
        );
        assert_eq!(told("systems/erp.toml: base_url"), (system.clone(), None, key("base_url")));
        assert_eq!(told("systems/erp.toml"), (system, None, None));
        assert_eq!(told("jobs.toml:7: after"), ("jobs.toml".to_owned(), Some(7), key("after")));
    }
}
