//! The results of an answer: success only if every one has `resultcode` 1 (reference: yonyou.md 3.3).

use yuanliu_http_kit::reply::excerpt;

use crate::xml::Element;

/// The only code of success.
const DONE: &str = "1";

/// What the platform did with one bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every result is a success; NC's primary key or what the plug-in answered.
    Done(Option<String>),
    /// Every result is a failure, and why.
    Refused(String),
    /// No result, or successes and failures side by side.
    Unknown(String),
}

/// Evaluates all results; `successful` of the root is not trusted.
pub(crate) fn outcome(root: &Element, text: &str) -> Outcome {
    let (good, bad): (Vec<&Element>, Vec<&Element>) =
        root.all("sendresult").partition(|result| result.child_text("resultcode") == DONE);
    let said = bad.iter().map(|result| {
        let code = result.child_text("resultcode");
        format!("{} (resultcode {code})", result.child_text("resultdescription"))
    });
    let said = excerpt(&said.collect::<Vec<_>>().join("; "));
    match (good.first(), bad.first()) {
        (Some(result), None) => {
            let content = result.child_text("content");
            Outcome::Done((!content.is_empty()).then(|| content.to_owned()))
        }
        (Some(_), Some(_)) => Outcome::Unknown(format!("done in part: {said}")),
        // A result without a code says nothing about what was done.
        (None, Some(_)) if bad.iter().all(|r| !r.child_text("resultcode").is_empty()) => {
            Outcome::Refused(said)
        }
        (None, _) => Outcome::Unknown(format!("no result: {}", excerpt(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    #[track_caller]
    fn check(results: &[(&str, &str)], wanted: Outcome) {
        let results: String = results
            .iter()
            .map(|(code, content)| {
                format!(
                    "<sendresult><bdocid>K</bdocid><resultcode>{code}</resultcode>\
                     <resultdescription>说明</resultdescription><content>{content}</content></sendresult>"
                )
            })
            .collect();
        let text = format!("<ufinterface successful=\"Y\">{results}</ufinterface>");
        assert_eq!(outcome(&parse(&text).unwrap(), "<>"), wanted);
    }

    #[test]
    fn every_result_counts() {
        check(&[("1", "1001ZZ")], Outcome::Done(Some("1001ZZ".to_owned())));
        check(&[("1", ""), ("1", "x")], Outcome::Done(None));
        check(&[("-1", "")], Outcome::Refused("说明 (resultcode -1)".to_owned()));
        let partly = "done in part: 说明 (resultcode -32000)".to_owned();
        check(&[("1", ""), ("-32000", "")], Outcome::Unknown(partly));
        check(&[], Outcome::Unknown("no result: <>".to_owned()));
        check(&[("", "")], Outcome::Unknown("no result: <>".to_owned()));
    }
}
