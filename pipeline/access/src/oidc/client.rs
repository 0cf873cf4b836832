//! The conversation with the identity provider.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::oidc::claims;
use crate::oidc::config::{OidcConfig, RoleMapping};
use crate::oidc::error::OidcError;
use crate::oidc::http::{self, HttpError};
use crate::secret::Secret;

/// Endpoints and keys are read again after so long.
const METADATA_AGE_MAX: TimeDelta = TimeDelta::hours(1);
/// Keys that do not fit are a reason to read them again, but not for everybody who sends a bad token.
const METADATA_AGE_MIN: TimeDelta = TimeDelta::seconds(30);

/// Who somebody is, by a token that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Issuer and subject: what an account is linked by.
    pub subject: String,
    /// What they are called.
    pub name: Option<String>,
    /// What they log in with over there.
    pub preferred_username: Option<String>,
    /// What the claim of the configuration means; none: nothing.
    pub mapping: Option<RoleMapping>,
}

/// A client of one provider. The provider is first asked at the first login: a hub starts without it.
pub struct OidcClient {
    config: OidcConfig,
    secret: Option<Secret>,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    read_at: DateTime<Utc>,
}

type Connected = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl OidcClient {
    /// A client for a configuration without problems, and the secret that it refers to.
    pub fn new(config: OidcConfig, secret: Option<Secret>) -> Result<Self, OidcError> {
        if let Some(problem) = config.problems().into_iter().next() {
            return Err(OidcError::Configuration(problem));
        }
        let timeout = Duration::from_secs(u64::from(config.timeout_s));
        let http = http::http_client(timeout)
            .map_err(|source| OidcError::Unreachable { step: "anything", source })?;
        Ok(Self { config, secret, http, known: Mutex::new(None) })
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &OidcConfig {
        &self.config
    }

    /// The address at the provider that somebody is sent to.
    pub(crate) async fn authorization_url(
        &self,
        state: &Secret,
        nonce: &Secret,
        verifier: &Secret,
        now: DateTime<Utc>,
    ) -> Result<String, OidcError> {
        let client = self.connected(&*self.metadata(now, METADATA_AGE_MAX).await?)?;
        let (state, nonce) = (state.expose().to_owned(), nonce.expose().to_owned());
        let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
        let scopes = self.config.scopes.iter().filter(|scope| *scope != "openid");
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    /// Who comes back with this code.
    pub(crate) async fn identity(
        &self,
        code: &str,
        nonce: &Secret,
        verifier: &Secret,
        now: DateTime<Utc>,
    ) -> Result<Identity, OidcError> {
        let metadata = self.metadata(now, METADATA_AGE_MAX).await?;
        let token = self.exchange(&metadata, code, verifier).await?;
        match self.check(&metadata, &token, nonce, now) {
            // The provider may have changed its keys.
            Err(error) if OidcError::is_unknown_key(&error) => {
                let metadata = self.metadata(now, METADATA_AGE_MIN).await?;
                self.check(&metadata, &token, nonce, now)?;
            }
            checked => checked?,
        }
        self.read(&token)
    }

    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        code: &str,
        verifier: &Secret,
    ) -> Result<CoreIdToken, OidcError> {
        const STEP: &str = "the exchange of the code";
        let malformed = |reason: String| OidcError::Malformed { step: STEP, reason };
        let http = |request| http::call(self.http.clone(), request);
        let answer = self
            .connected(metadata)?
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| malformed(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
            .request_async(&http)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(source) => unreachable(STEP, source),
                RequestTokenError::ServerResponse(refused) => {
                    OidcError::CodeRefused { reason: refused.error().to_string() }
                }
                RequestTokenError::Parse(error, _) => malformed(error.to_string()),
                RequestTokenError::Other(reason) => malformed(reason),
            })?;
        let token = answer.id_token().cloned();
        token.ok_or_else(|| malformed("there is no ID token in it".to_owned()))
    }

    /// Issuer, audience, signature, expiry and nonce.
    fn check(
        &self,
        metadata: &CoreProviderMetadata,
        token: &CoreIdToken,
        nonce: &Secret,
        now: DateTime<Utc>,
    ) -> Result<(), ClaimsVerificationError> {
        let connected = self
            .connected(metadata)
            .map_err(|error| ClaimsVerificationError::Other(error.to_string()))?;
        // Signatures by a key that only the provider has; what is signed with the client's secret proves nothing.
        let verifier = connected
            .id_token_verifier()
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EcdsaP384Sha384,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(move || now);
        token.claims(&verifier, &Nonce::new(nonce.expose().to_owned())).map(|_| ())
    }

    /// The claims of a token that was checked.
    fn read(&self, token: &CoreIdToken) -> Result<Identity, OidcError> {
        let malformed =
            |reason: &str| OidcError::Malformed { step: "the ID token", reason: reason.to_owned() };
        let text = token.to_string();
        let payload = text.split('.').nth(1).ok_or_else(|| malformed("it has one part"))?;
        let payload =
            URL_SAFE_NO_PAD.decode(payload).map_err(|_| malformed("it is not base64url"))?;
        let claims: Value =
            serde_json::from_slice(&payload).map_err(|_| malformed("it is not JSON"))?;
        let of = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let subject = of("sub").ok_or_else(|| malformed("it has no subject"))?;
        Ok(Identity {
            subject: linked_subject(&self.config.issuer, &subject),
            name: of("name"),
            preferred_username: of("preferred_username"),
            mapping: claims::mapped(&self.config, &claims).cloned(),
        })
    }

    async fn metadata(
        &self,
        now: DateTime<Utc>,
        age_max: TimeDelta,
    ) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        const STEP: &str = "its configuration and keys";
        // Held while asking, so that a burst of logins asks once.
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| now - known.read_at < age_max) {
            return Ok(known.metadata.clone());
        }
        let issuer = IssuerUrl::new(self.config.issuer.clone())
            .map_err(|error| OidcError::Configuration(error.to_string()))?;
        let http = |request| http::call(self.http.clone(), request);
        let metadata =
            CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|error| {
                let malformed = |reason| OidcError::Malformed { step: STEP, reason };
                match error {
                    DiscoveryError::Request(source) => unreachable(STEP, source),
                    DiscoveryError::Response(status, _, reason) => {
                        malformed(format!("{reason} (HTTP {status})"))
                    }
                    DiscoveryError::Parse(error) => malformed(error.to_string()),
                    other => malformed(other.to_string()),
                }
            })?;
        let metadata = Arc::new(metadata);
        *known = Some(Known { metadata: metadata.clone(), read_at: now });
        Ok(metadata)
    }

    fn connected(&self, metadata: &CoreProviderMetadata) -> Result<Connected, OidcError> {
        let redirect = RedirectUrl::new(self.config.redirect_url.clone())
            .map_err(|error| OidcError::Configuration(error.to_string()))?;
        let secret = self.secret.as_ref().map(|s| ClientSecret::new(s.expose().to_owned()));
        let id = ClientId::new(self.config.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_redirect_uri(redirect);
        let ways = metadata.token_endpoint_auth_methods_supported();
        let wants_body = ways.is_some_and(|ways| {
            ways.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        Ok(if wants_body { client.set_auth_type(AuthType::RequestBody) } else { client })
    }
}

/// Issuer and subject as an account keeps them. Another issuer's subject of the same text is somebody else.
#[must_use]
pub(crate) fn linked_subject(issuer: &str, subject: &str) -> String {
    format!("{} {subject}", issuer.trim_end_matches('/'))
}

fn unreachable(step: &'static str, source: HttpError) -> OidcError {
    OidcError::Unreachable { step, source: Box::new(source) }
}
