//! `yuanliu serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::args::{Common, ServeArgs};
use crate::exit::{self, UsageError};
use crate::http::{Captcha, Service, Tokens, router};
use crate::hub::{Hub, scan_rules};
use crate::ledger::{Bounds, Ledger};
use crate::models::Models;
use crate::output::Format;
use crate::serving::Announcement;

pub(super) async fn run(common: &Common, args: ServeArgs) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let config = hub.config.hub.serve.clone();
    let tokens = Tokens::read(config.device_tokens.as_deref().unwrap_or_default())
        .context("reading [serve] device_tokens of hub.toml")?;
    let address = SocketAddr::new(args.bind, args.port);
    if !tokens.are_needed() && !address.ip().is_loopback() {
        let told = format!(
            "{} can be reached from other machines and no device has a token; set [serve] \
             device_tokens in hub.toml, or bind to 127.0.0.1",
            address.ip()
        );
        return Err(UsageError(told).into());
    }
    let own_token = tokens.own().to_owned();
    let data = hub.config.hub.data.clone();
    let rules = scan_rules(&hub.config)?;
    let ledger = Ledger::open(&hub, Bounds::SERVER).await?;
    let models = Models::load(&hub)?;
    let captcha = hub.config.hub.captcha.clone().map(Captcha::new).transpose()?;
    let service = Arc::new(Service::new(hub, ledger, models, rules, tokens, captcha));
    // The documents of the last build serve until the next one; a new lake has none.
    if let Err(error) = service.learn().await {
        tracing::warn!(error = %format!("{error:#}"), "no documents yet");
    }
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("listening at {address}"))?;
    let address = listener.local_addr().context("asking for the address")?;
    // Whoever reads the address may ask for the end at once.
    let ending = asked_to_stop()?;
    let _announced = Announcement::make(&data, address, &own_token)?;
    tell(common, address)?;
    let (stop, stopped) = watch::channel(false);
    let (landed, flush) = (Arc::clone(&service), (config.flush, stopped.clone()));
    let landing = tokio::spawn(async move { landed.ledger.keep_landing(flush.0, flush.1).await });
    let building = tokio::spawn(rebuild(Arc::clone(&service), config.build_every, stopped.clone()));
    let app = router(Arc::clone(&service)).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, app).with_graceful_shutdown(ending).await;
    // Nobody is left to hear it only if both tasks have ended.
    let _ = stop.send(true);
    building.await.context("ending the builds")?;
    landing.await.context("ending the landings")?;
    served.context("serving")?;
    service.ledger.land().await?;
    Ok(exit::DONE)
}

fn tell(common: &Common, address: SocketAddr) -> Result<()> {
    if common.format == Format::Json {
        // One line, so that whoever started the hub need not wait for its end to read it.
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", json!({"address": format!("http://{address}")}))?;
        out.flush()?;
    } else {
        eprintln!("listening at http://{address}, end with Ctrl-C");
    }
    Ok(())
}

/// Builds the models at every interval and learns the documents anew; none if it is zero.
async fn rebuild(service: Arc<Service>, every: Duration, mut stopped: watch::Receiver<bool>) {
    if every.is_zero() {
        return;
    }
    let mut due = tokio::time::interval(every);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            _ = stopped.changed() => return,
        }
        let built = service.bring_up_to_date();
        // A build that is given up leaves every table as it was or as it will be.
        tokio::select! {
            built = built => {
                if let Err(error) = built {
                    tracing::error!(error = %format!("{error:#}"), "building the models");
                }
            }
            _ = stopped.changed() => return,
        }
    }
}

/// Listens from now on for a person or the system that asks the process to end.
fn asked_to_stop() -> Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("listening for the signal to end");
    let mut interrupted = listen(SignalKind::interrupt())?;
    let mut terminated = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
