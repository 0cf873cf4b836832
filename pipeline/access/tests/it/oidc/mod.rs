//! Login through an identity provider that these tests run themselves: HTTP, keys and signatures are real.

mod configuration;
mod logins;
mod provider;
mod refusals;
