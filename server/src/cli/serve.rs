//! `yuanliu serve`.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use yuanliu_access::FirstAdmin;

use super::args::{Common, ServeArgs};
use crate::exit;
use crate::http::Tokens;
use crate::hub::Hub;
use crate::output::Format;
use crate::serve::{Ended, Serving};
use crate::serving::Announcement;

pub(super) async fn run(common: &Common, args: ServeArgs) -> Result<u8> {
    let address = SocketAddr::new(args.bind, args.port);
    // Whoever reads the address may ask for the end at once.
    let asked = asked_to_stop()?;
    let mut listener: Option<std::net::TcpListener> = None;
    loop {
        let hub = Hub::open_for_writing(common).await?;
        let config = hub.config.hub.serve.clone();
        let tokens = Tokens::read(config.device_tokens.as_deref().unwrap_or_default())
            .context("reading [serve] device_tokens of hub.toml")?;
        let own_token = tokens.own().to_owned();
        let data = hub.config.hub.data.clone();
        let serving = Serving::open(hub, tokens, common.config.clone()).await?;
        let is_first = listener.is_none();
        let bound = match listener.take() {
            Some(bound) => bound,
            None => TcpListener::bind(address)
                .await
                .and_then(TcpListener::into_std)
                .with_context(|| format!("listening at {address}"))?,
        };
        let again = bound.try_clone().context("keeping the address")?;
        let bound = TcpListener::from_std(bound).context("listening")?;
        let address = bound.local_addr().context("asking for the address")?;
        let _announced = Announcement::make(&data, address, &own_token)?;
        if is_first {
            tell(common, address, &serving)?;
        }
        let mut asked = asked.clone();
        let ending = async move {
            // Nobody is left to ask only if the listener for signals has failed.
            let _ = asked.wait_for(|is_asked| *is_asked).await;
        };
        let held = serving.held();
        match serving.run(bound, ending).await? {
            Ended::Asked => return Ok(exit::DONE),
            Ended::Reconfigured => tracing::info!("opening anew under the changed configuration"),
        }
        held.wait_until_let_go().await?;
        listener = Some(again);
    }
}

fn tell(common: &Common, address: SocketAddr, serving: &Serving) -> Result<()> {
    if common.format == Format::Json {
        // One line, so that whoever started the hub need not wait for its end to read it.
        let mut out = std::io::stdout().lock();
        let bi = serving.bi_address().map(|bi| bi.to_string());
        writeln!(out, "{}", json!({"address": format!("http://{address}"), "bi": bi}))?;
        out.flush()?;
    } else {
        if let Some(bi) = serving.bi_address() {
            eprintln!("BI tools: psql -h {} -p {} -U LOGIN lake", bi.ip(), bi.port());
        }
        eprintln!("listening at http://{address}, end with Ctrl-C");
    }
    if let Some(FirstAdmin { login, password: Some(password) }) = serving.first_admin() {
        // Told once, on the terminal of whoever starts the hub, and never logged.
        eprintln!("first login: {login}, password {} (to be changed)", password.expose());
    }
    Ok(())
}

/// Listens from now on for a person or the system that asks the process to end.
fn asked_to_stop() -> Result<watch::Receiver<bool>> {
    let listen = |kind| signal(kind).context("listening for the signal to end");
    let mut interrupted = listen(SignalKind::interrupt())?;
    let mut terminated = listen(SignalKind::terminate())?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        tell.send_replace(true);
        // Whoever waits for it after a restart still hears it.
        tell.closed().await;
    });
    Ok(told)
}
