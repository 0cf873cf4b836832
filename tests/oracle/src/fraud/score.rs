//! How often a rule is right.

use std::fmt::Write as _;

/// One line of the table: how many of an archetype there are, and how many of them each rule names.
#[derive(Debug, Clone)]
pub struct Line {
    /// The archetype.
    pub name: &'static str,
    /// Whether it is fraud.
    pub is_fraud: bool,
    /// How many there are.
    pub all: usize,
    /// How many the hub names.
    pub hub: usize,
    /// How many the simple rule names.
    pub simple: usize,
}

/// Precision and recall of each archetype, and of all, as a table in Markdown.
///
/// Recall is the share of the fraudulent that a rule names; precision the share of those it names that are
/// fraudulent, among this archetype and all the honest ones. Of honest archetypes the share that is named.
pub fn table(lines: &[Line], simple: &str) -> String {
    let mut text = format!(
        "| archetype | | cases | hub: named | precision | {simple}: named | precision |\n|---|---|---:|---:|---:|---:|---:|\n"
    );
    let honest: Vec<_> = lines.iter().filter(|line| !line.is_fraud).collect();
    let wrong = |of: fn(&Line) -> usize| -> usize { honest.iter().map(|line| of(line)).sum() };
    let percent = |part: usize, whole: usize| {
        if whole == 0 {
            "–".to_owned()
        } else {
            format!("{:.1} %", part as f64 * 100.0 / whole as f64)
        }
    };
    for line in lines {
        let precision = |named: usize, wrong: usize| match line.is_fraud {
            true => percent(named, named + wrong),
            false => String::new(),
        };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            line.name,
            if line.is_fraud { "fraud" } else { "honest" },
            line.all,
            percent(line.hub, line.all),
            precision(line.hub, wrong(|line| line.hub)),
            percent(line.simple, line.all),
            precision(line.simple, wrong(|line| line.simple)),
        )
        .expect("text");
    }
    let fraud = lines.iter().filter(|line| line.is_fraud);
    let (all, hub, plain) = fraud.fold((0, 0, 0), |(all, hub, simple), line| {
        (all + line.all, hub + line.hub, simple + line.simple)
    });
    writeln!(
        text,
        "| all fraud | | {all} | {} | {} | {} | {} |",
        percent(hub, all),
        percent(hub, hub + wrong(|line| line.hub)),
        percent(plain, all),
        percent(plain, plain + wrong(|line| line.simple)),
    )
    .expect("text");
    text
}
