//! Lists a page at a time: `cursor` and `limit`.

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::{Serializer, parse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use xxhash_rust::xxh3::xxh3_64;

use crate::ports::{Page, PageAsked};
use crate::problem::Problem;

/// Items of a page if nobody says how many.
const LIMIT_DEFAULT: u32 = 100;

/// Items of a page at most.
pub(crate) const LIMIT_MAX: u32 = 1_000;

/// Longer cursors were not made here.
const CURSOR_CHARS_MAX: usize = 4_096;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what Asked reads")]
pub(crate) struct PageParams {
    /// The `next_cursor` of the page before, with the same other parameters; left out: the first page.
    #[param(max_length = 4096)]
    cursor: Option<String>,
    /// Items of a page at most; 100 if left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A question to a list: the page, and everything else as `T`.
pub(crate) struct Asked<T> {
    /// What else was asked.
    pub(crate) filter: T,
    /// Which page.
    pub(crate) page: PageAsked,
    /// What the question is but for the page; a cursor fits only the question it was made for.
    question: u64,
}

impl<T> Asked<T> {
    /// The items, and the cursor of the next page.
    pub(crate) fn answer<I>(&self, page: Page<I>) -> (Vec<I>, Option<String>) {
        let cursor = page.next.map(|next| self.cursor(&next));
        (page.items, cursor)
    }

    /// The cursor of the page after what a port calls `next`.
    pub(crate) fn cursor(&self, next: &str) -> String {
        let mut bytes = self.question.to_be_bytes().to_vec();
        bytes.extend_from_slice(next.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The port's own word behind a cursor, if the cursor was made for this question.
fn opened(cursor: &str, question: u64) -> Option<String> {
    if cursor.len() > CURSOR_CHARS_MAX {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (of, next) = bytes.split_first_chunk::<8>()?;
    if u64::from_be_bytes(*of) != question {
        return None;
    }
    String::from_utf8(next.to_vec()).ok()
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (mut cursor, mut limit) = (None, None);
        let mut rest = Serializer::new(String::new());
        for (name, value) in parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let slot = match &*name {
                "cursor" => &mut cursor,
                "limit" => &mut limit,
                _ => {
                    rest.append_pair(&name, &value);
                    continue;
                }
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(Problem::bad_request(format!("`{name}` is given twice")));
            }
        }
        let rest = rest.finish();
        let question = xxh3_64(format!("{}?{rest}", parts.uri.path()).as_bytes());
        let uri = Uri::builder().path_and_query(format!("/?{rest}")).build();
        let uri = uri.map_err(|error| Problem::bad_request(error.to_string()))?;
        let Query(filter) = Query::<T>::try_from_uri(&uri)?;
        let limit = match limit.as_deref() {
            None => LIMIT_DEFAULT,
            Some(text) => {
                let number = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                number.ok_or_else(|| {
                    Problem::bad_request(format!("`limit` is `{text}`; give 1 to {LIMIT_MAX}"))
                })?
            }
        };
        let after = cursor.map(|cursor| {
            opened(&cursor, question).ok_or_else(|| {
                Problem::bad_request(
                    "`cursor` was not made for this question; give the next_cursor of the page \
                     before with the same parameters, or leave it out to begin anew",
                )
            })
        });
        Ok(Self { filter, page: PageAsked { after: after.transpose()?, limit }, question })
    }
}
