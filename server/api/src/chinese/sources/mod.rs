//! Reads the sources for what they tell callers, and looks whether each has its Chinese.

mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::tokens::{Token, tokens};
use super::{Reading, TEMPLATES};

/// What makes a refusal that its caller reads. `internal` and `Failed` are told to the log alone.
const REFUSALS: [(&str, &[&str]); 4] = [
    (
        "Problem",
        &[
            "bad_request",
            "unsupported",
            "not_found",
            "forbidden",
            "captcha",
            "conflict",
            "too_many",
            "unavailable",
            "new",
        ],
    ),
    ("PortError", &["NotFound", "invalid", "Invalid", "Conflict", "Refused", "Unavailable"]),
    ("LoginError", &["Provider"]),
    ("ConfigProblem", &["new"]),
];

/// Names under which a text is made before it is given to one of them.
const NAMES: [&str; 6] = ["told", "what", "detail", "why", "message", "wanted"];

/// Where refusals are made.
const FOLDERS: [&str; 2] = ["api/src", "src"];

/// Below these a usage error is told at the terminal; the files are those that the API asks too.
const COMMANDS: (&str, [&str; 2]) = ("src/cli", ["src/cli/args.rs", "src/cli/recall.rs"]);

/// Errors whose texts reach a caller as they are, or as a layer of a chain.
const ERRORS: [&str; 9] = [
    "src/ledger/error.rs",
    "../pipeline/access/src/account_rules.rs",
    "../pipeline/access/src/error.rs",
    "../pipeline/access/src/oidc/error.rs",
    "../pipeline/access/src/password_policy.rs",
    "../pipeline/inbox/src/error.rs",
    "../pipeline/schedule/src/desk.rs",
    "../pipeline/scans/src/error.rs",
    "../pipeline/trace-index/src/error.rs",
];

/// Files that hand a text on before it becomes a refusal, and by which word they do.
const HANDED_ON: [(&str, &str); 3] =
    [("src/config/", "problem"), ("src/config/secrets.rs", "Err"), ("src/desk/scans.rs", "Err")];

/// Told at the terminal alone, though a file of [`COMMANDS`] has them; `·` is a hole.
const AT_THE_TERMINAL: [&str; 2] =
    ["--codes ·: the file's name ends neither in .csv nor in .xlsx", "this is no report"];

/// Holds refusals that nobody is told: those of the test below.
const OWN: &str = "api/src/chinese/sources/mod.rs";

/// The texts between an opening bracket and the closing one that belongs to it, and the words.
fn within(tokens: &[Token]) -> (Vec<&str>, Vec<&str>) {
    let (mut depth, mut texts, mut words) = (0, Vec::new(), Vec::new());
    for token in tokens {
        match token {
            Token::Sign('(' | '{' | '[') => depth += 1,
            Token::Sign(')' | '}' | ']') => depth -= 1,
            Token::Text(text) => texts.push(text.as_str()),
            Token::Word(word) => words.push(word.as_str()),
            Token::Sign(_) => {}
        }
        if depth == 0 {
            break;
        }
    }
    (texts, words)
}

/// The texts that a name or a constant was last made of.
fn last_made<'t>(tokens: &'t [Token], name: &str) -> Vec<&'t str> {
    let is_made = |window: &[Token]| {
        (window[0].is_word("let") || window[0].is_word("const"))
            && window[1].is_word(name)
            && matches!(window[2], Token::Sign('=' | ':'))
    };
    let Some(at) = tokens.windows(3).rposition(is_made) else { return Vec::new() };
    let made = tokens[at..].iter().take_while(|token| **token != Token::Sign(';'));
    made.filter_map(Token::text).collect()
}

/// What a file tells those who are refused.
fn told_in(file: &str, source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let tokens = tokens(source);
    let mut found = BTreeSet::new();
    for (at, window) in tokens.windows(5).enumerate() {
        let is_of = |owner: &str| {
            window[0].is_word(owner)
                || (owner == "Problem" && file.contains("/problem/") && window[0].is_word("Self"))
        };
        let is_refusal = matches!(window[4], Token::Sign('(' | '{'))
            && window[1..3] == [Token::Sign(':'), Token::Sign(':')]
            && REFUSALS.iter().any(|(owner, kinds)| {
                is_of(owner) && kinds.iter().any(|kind| window[3].is_word(kind))
            });
        let (command, shared) = COMMANDS;
        let is_usage = window[0].is_word("UsageError")
            && window[1] == Token::Sign('(')
            && (!file.starts_with(command) || shared.contains(&file));
        let is_handed_on = window[1] == Token::Sign('(')
            && HANDED_ON.iter().any(|(of, by)| file.starts_with(of) && window[0].is_word(by));
        let from = match (is_refusal, is_usage || is_handed_on) {
            (true, _) => at + 4,
            (_, true) => at + 1,
            _ => continue,
        };
        let (texts, words) = within(&tokens[from..]);
        found.extend(texts.into_iter().map(str::to_owned));
        let made = words.into_iter().flat_map(|word| {
            if NAMES.contains(&word) {
                last_made(&tokens[..at], word)
            } else if word.starts_with(char::is_uppercase) && word.to_uppercase() == word {
                last_made(&tokens, word)
            } else {
                Vec::new()
            }
        });
        found.extend(made.map(str::to_owned));
    }
    found
}

/// What the errors of a file say.
fn errors_in(source: &str) -> BTreeSet<String> {
    let tokens = tokens(source);
    let said = tokens.windows(5).filter_map(|window| match window {
        [Token::Sign('#'), Token::Sign('['), error, Token::Sign('('), text]
            if error.is_word("error") =>
        {
            text.text().map(str::to_owned)
        }
        _ => None,
    });
    said.collect()
}

/// A text with `{…}` as something that no message says.
fn filled(text: &str) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, after) = piece.split_once('}').unwrap_or(("", piece));
        filled.push('·');
        filled.push_str(after);
    }
    filled
}

/// Whether a text says more than a name or a unit.
fn is_prose(text: &str) -> bool {
    let is_word = |word: &&str| word.contains(|c: char| c.is_ascii_alphabetic());
    text.split_whitespace().filter(is_word).count() > 1
}

/// Whether all that a text says is in messages. A place of the configuration has no language.
fn has_chinese(text: &str) -> bool {
    let filled = filled(text);
    filled.contains(".toml: [")
        || !Reading::of(&filled, &TEMPLATES).english().into_iter().any(is_prose)
}

fn server() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn whatever_is_told_to_callers_has_its_chinese() {
    let server = server();
    let mut files = Vec::new();
    for folder in FOLDERS {
        sources(&server.join(folder), &mut files);
    }
    let (mut read, mut missing) = (0, Vec::new());
    let mut look = |file: &str, texts: BTreeSet<String>| {
        read += texts.len();
        let texts =
            texts.into_iter().filter(|text| !AT_THE_TERMINAL.contains(&filled(text).as_str()));
        missing
            .extend(texts.filter(|text| !has_chinese(text)).map(|text| format!("{file}: {text}")));
    };
    for path in files {
        let source = std::fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(&server).unwrap().to_string_lossy().replace('\\', "/");
        if file != OWN {
            look(&file, told_in(&file, &source));
        }
    }
    for file in ERRORS {
        let source = std::fs::read_to_string(server.join(file)).unwrap();
        let said = errors_in(&source);
        assert!(!said.is_empty(), "{file} has no errors any more");
        look(file, said);
    }
    assert!(read > 200, "only {read} texts were found: the sources are read wrongly");
    assert!(missing.is_empty(), "messages.txt has no Chinese for: {missing:#?}");
}

#[test]
fn texts_are_found_where_they_are_made() {
    let source = r##"
        // Problem::conflict("in a comment")
        fn one<'a>(c: char) -> Result<(), Problem> {
            let told = format!("made before: {c}");
            if c == '"' { return Err(Problem::conflict(told)); }
            Err(PortError::invalid(format!("`{c}` is \"wrong\" and \
                 goes on"), r#"raw "text""#))
        }
        fn two() { Problem::internal("for the log"); Other::conflict("of somebody else"); }
        fn three() { PortError::Conflict(ALL_THERE_ARE.to_owned()) }
        const ALL_THERE_ARE: &str = "of a constant";
        #[cfg(test)]
mod tests { fn four() { Problem::conflict("in a test") } }
    "##;
    let found = told_in("src/x.rs", source);
    let wanted =
        ["`{c}` is \"wrong\" and goes on", "made before: {c}", "of a constant", "raw \"text\""];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    assert!(!has_chinese("nobody ever wrote {this}"));
    assert!(!has_chinese("there is no job {job}; nobody ever wrote this"));
    assert!(has_chinese("there is no job {job}; there is no run {run}"));
}
