//! The CAPTCHA hook: asks the service that issued a challenge whether it was solved.
//!
//! Whoever keeps the public page chooses the service. The call is the `siteverify` form that reCAPTCHA,
//! hCaptcha and Turnstile share (their server-side verification pages): `secret`, `response` and
//! `remoteip` as a form, answered by a JSON object with `success`.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::header;
use form_urlencoded::Serializer;
use reqwest::{Client, redirect};
use serde::Deserialize;
use yuanliu_api::Problem;

use crate::config::CaptchaConfig;

/// A service that takes longer is taken for one that cannot be reached.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Solved challenges are short texts; a longer one is not asked about.
const TOKEN_BYTES_MAX: usize = 8 << 10;

/// Answers longer than this are not read.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// The service that says whether a challenge was solved.
pub(crate) struct Captcha {
    config: CaptchaConfig,
    client: Client,
}

#[derive(Deserialize)]
struct Answer {
    success: bool,
}

impl Captcha {
    /// Prepares the calls; none is made yet.
    pub(crate) fn new(config: CaptchaConfig) -> Result<Self> {
        let client = Client::builder().timeout(ANSWER_WITHIN).redirect(redirect::Policy::none());
        let client = client.build().context("preparing calls of the CAPTCHA service")?;
        Ok(Self { config, client })
    }

    /// Refuses unless the request carries a solved challenge.
    pub(super) async fn expect(&self, token: Option<&str>, from: IpAddr) -> Result<(), Problem> {
        let token = token.unwrap_or_default();
        if token.is_empty() || token.len() > TOKEN_BYTES_MAX {
            return Err(Problem::captcha(
                "many codes were asked for from this address: solve a challenge and send what it \
                 gave as X-Captcha-Token",
            ));
        }
        match self.is_solved(token, from).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Problem::captcha("the challenge was not solved: ask for a new one")),
            Err(error) => {
                tracing::error!(error = %format!("{error:#}"), "asking the CAPTCHA service");
                Err(Problem::unavailable(
                    "the CAPTCHA service cannot be asked now; try again later",
                ))
            }
        }
    }

    async fn is_solved(&self, token: &str, from: IpAddr) -> Result<bool> {
        let form = Serializer::new(String::new())
            .append_pair("secret", &self.config.secret)
            .append_pair("response", token)
            .append_pair("remoteip", &from.to_string())
            .finish();
        let request = self.client.post(&self.config.url).body(form);
        let request =
            request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").send();
        let mut response = request.await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            anyhow::ensure!(body.len() + part.len() <= ANSWER_BYTES_MAX, "the answer is too long");
            body.extend_from_slice(&part);
        }
        let answer: Answer = serde_json::from_slice(&body).context("reading its answer")?;
        Ok(answer.success)
    }
}
