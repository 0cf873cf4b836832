//! Which dealers are below another, and which are in a region.

use std::collections::{BTreeSet, HashMap};

use super::Knowledge;

impl Knowledge {
    /// A dealer and all below it. Dealers that are above each other in a circle are each once in it.
    pub(crate) fn dealers_below(&self, root: &str) -> BTreeSet<String> {
        let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
        for (code, facts) in &self.dealers {
            if let Some(parent) = &facts.parent_dealer_code {
                children.entry(parent).or_default().push(code);
            }
        }
        let mut found = BTreeSet::from([root.to_owned()]);
        let mut open = vec![root];
        while let Some(dealer) = open.pop() {
            for child in children.get(dealer).into_iter().flatten() {
                if found.insert((*child).to_owned()) {
                    open.push(child);
                }
            }
        }
        found
    }

    /// The dealers whose region is one of these or lies in it.
    pub(crate) fn dealers_in(&self, regions: &[String]) -> BTreeSet<String> {
        let within = |region: &String| regions.iter().any(|outer| is_within(region, outer));
        let dealers = self.dealers.iter();
        dealers
            .filter(|(_, facts)| facts.region_code.as_ref().is_some_and(within))
            .map(|(code, _)| code.clone())
            .collect()
    }
}

/// Whether a region is another or lies in it: a province's counties share its first two digits, a city's its
/// first four.
pub(crate) fn is_within(region: &str, outer: &str) -> bool {
    let shared = outer.strip_suffix("0000").or_else(|| outer.strip_suffix("00"));
    region.starts_with(shared.unwrap_or(outer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::DealerFacts;

    #[test]
    fn dealers_are_found_below_each_other_and_by_region() {
        let mut known = Knowledge::default();
        for (code, parent, region) in [
            ("A", Some("C"), "430100"),
            ("B", Some("A"), "430102"),
            ("C", Some("B"), "440300"),
            ("D", None, "430000"),
        ] {
            let facts = DealerFacts {
                parent_dealer_code: parent.map(str::to_owned),
                region_code: Some(region.to_owned()),
                ..DealerFacts::default()
            };
            known.dealers.insert(code.to_owned(), facts);
        }
        let below = |root| known.dealers_below(root).into_iter().collect::<String>();
        assert_eq!(below("A"), "ABC");
        assert_eq!(below("D"), "D");
        let within =
            |region: &str| known.dealers_in(&[region.to_owned()]).into_iter().collect::<String>();
        assert_eq!(within("430000"), "ABD");
        assert_eq!(within("430100"), "AB");
        assert_eq!(within("430102"), "B");
    }
}
