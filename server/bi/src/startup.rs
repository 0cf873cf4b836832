//! Login by password.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion_postgres::pgwire::api::auth::{
    DefaultServerParameterProvider, LoginInfo, StartupHandler, finish_authentication,
    protocol_negotiation, save_startup_parameters_to_metadata,
};
use datafusion_postgres::pgwire::api::{ClientInfo, PgWireConnectionState};
use datafusion_postgres::pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use datafusion_postgres::pgwire::messages::startup::Authentication;
use datafusion_postgres::pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use futures::{Sink, SinkExt};

use crate::door::Door;
use crate::session::Session;

/// Asks for a password and shows the session what whoever gave it may see.
pub(crate) struct Startup {
    pub(crate) door: Arc<dyn Door>,
    pub(crate) session: Arc<Session>,
}

#[async_trait]
impl StartupHandler for Startup {
    async fn on_startup<C>(
        &self,
        client: &mut C,
        message: PgWireFrontendMessage,
    ) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match message {
            PgWireFrontendMessage::Startup(ref startup) => {
                protocol_negotiation(client, startup).await?;
                save_startup_parameters_to_metadata(client, startup);
                client.set_state(PgWireConnectionState::AuthenticationInProgress);
                let ask = Authentication::CleartextPassword;
                client.send(PgWireBackendMessage::Authentication(ask)).await?;
            }
            PgWireFrontendMessage::PasswordMessageFamily(given) => {
                let given = given.into_password()?;
                let login =
                    LoginInfo::from_client_info(client).user().unwrap_or_default().to_owned();
                let from = client.socket_addr().ip();
                let view = self.door.admit(&login, &given.password, from).await;
                let view = view.map_err(|refused| fatal("28P01", refused.0))?;
                self.session.show(&view).map_err(|error| fatal("XX000", error.to_string()))?;
                let mut told = DefaultServerParameterProvider::default();
                told.is_superuser = false;
                told.default_transaction_read_only = true;
                told.search_path = "marts".to_owned();
                finish_authentication(client, &told).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn fatal(code: &str, told: String) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("FATAL".to_owned(), code.to_owned(), told)))
}
