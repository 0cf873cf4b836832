//! Every way to prove who is calling.
//!
//! Session logins give cookies that later calls carry; the signature needs no login and signs each
//! call. Neither ever prints a secret.

mod digest;
mod login;
mod signature;

use yuanliu_contract::{ConfigProblem, Secret, Settings};

pub(crate) use login::Login;
pub(crate) use signature::Signature;

/// The words of the setting `login`.
pub(crate) const VARIANTS: &[&str] = &[
    "login_by_sign",
    "login_by_app_secret",
    "validate_user",
    "validate_user_by_org_number",
    "simple_passport",
    "signature",
];

/// Those whose login can end another session of the same user.
pub(crate) const KICK_OFF_VARIANTS: &[&str] =
    &["login_by_sign", "login_by_app_secret", "validate_user"];

/// How one system is called.
pub(crate) enum Auth {
    /// Log in once, then carry the session.
    Session(Login),
    /// Sign every call.
    Signature(Signature),
}

impl Auth {
    /// Reads the settings of the chosen variant, or says everything it lacks.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let variant = settings.text("login").unwrap_or_default();
        let mut wants = Wants { settings, variant, problems: Vec::new() };
        let kick_off = settings.boolean("kick_off").unwrap_or(false);
        let lcid = settings.integer("lcid").unwrap_or(2052);
        let auth = match variant {
            "signature" => Self::Signature(Signature {
                acct_id: wants.text("acct_id"),
                user: wants.text("user"),
                app_id: wants.text("app_id"),
                app_secret: wants.secret("app_secret"),
                lcid,
                // The official Python client sends 0 where no organisation is chosen.
                org_number: settings.text("org_number").unwrap_or("0").to_owned(),
            }),
            "login_by_sign" => Self::Session(Login::Sign {
                acct_id: wants.text("acct_id"),
                user: wants.text("user"),
                app_id: wants.text("app_id"),
                app_secret: wants.secret("app_secret"),
                is_sha1: settings.text("sign_algorithm") == Some("sha1"),
                kick_off,
                lcid,
            }),
            "login_by_app_secret" => Self::Session(Login::AppSecret {
                acct_id: wants.text("acct_id"),
                user: wants.text("user"),
                app_id: wants.text("app_id"),
                app_secret: wants.secret("app_secret"),
                kick_off,
                lcid,
            }),
            "validate_user" => Self::Session(Login::Password {
                acct_id: wants.text("acct_id"),
                user: wants.text("user"),
                password: wants.secret("password"),
                kick_off,
                lcid,
            }),
            "validate_user_by_org_number" => Self::Session(Login::PasswordInOrg {
                acct_id: wants.text("acct_id"),
                user: wants.text("user"),
                password: wants.secret("password"),
                org_number: wants.text("org_number"),
                lcid,
            }),
            _ => Self::Session(Login::Passport { passport: wants.secret("passport"), lcid }),
        };
        if wants.problems.is_empty() { Ok(auth) } else { Err(wants.problems) }
    }
}

/// Collects what a variant needs and does not have.
struct Wants<'a> {
    settings: &'a Settings,
    variant: &'a str,
    problems: Vec<ConfigProblem>,
}

impl Wants<'_> {
    fn text(&mut self, name: &'static str) -> String {
        let value = self.settings.text(name).map(str::trim);
        value.map(str::to_owned).unwrap_or_else(|| self.lacks(name, String::new()))
    }

    fn secret(&mut self, name: &'static str) -> Secret {
        match self.settings.secret(name) {
            // Secrets kept in files usually end with a line break.
            Some(secret) if !secret.reveal().trim().is_empty() => {
                Secret::new(secret.reveal().trim())
            }
            _ => self.lacks(name, Secret::new("")),
        }
    }

    fn lacks<T>(&mut self, name: &str, nothing: T) -> T {
        let message = format!("is required for login = \"{}\"", self.variant);
        self.problems.push(ConfigProblem::new(name, message));
        nothing
    }
}
