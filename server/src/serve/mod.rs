//! The hub in service: everything put together, and run until somebody asks it to end.

mod clock;
mod ending;
mod metrics;
mod telling;
mod web;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::middleware;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use yuanliu_access::{Access, AccessRules, FirstAdmin, OidcClient, PasswordHasher, Secret, Stores};
use yuanliu_alerts::{AlertDesk, Network, SystemClock};
use yuanliu_api::{Api, Options};
use yuanliu_bi::{BiServer, acceptor};
use yuanliu_schedule::{
    JobDesk, JobKind, JobSpec, Options as SchedulerOptions, Parts as SchedulerParts, Scheduler,
};
use yuanliu_telemetry::observe;

use crate::config::{BiConfig, Config, SecretText, ServeConfig};
use crate::desk::{Desk, Parts};
use crate::http::{Captcha, Service, Tokens, router};
use crate::hub::{Hub, scan_rules};
use crate::ledger::{Bounds, Ledger};
use crate::live::Cause;
use crate::models::Models;
use crate::started_runs::StartedRuns;

use self::clock::MachineClock;
pub(crate) use self::ending::Held;
use self::telling::{DiskWatch, Enclosing, JobSignals, after_build};
use self::work::JobWork;

/// How long what runs may take to end when the hub ends.
const ENDING: Duration = Duration::from_secs(20);

/// How often deliveries of alerts and their escalation are looked at.
const ALERTS_EVERY: Duration = Duration::from_secs(5);

/// The one process that has the ledger may go on at once with the jobs of its earlier self.
const OWNER: &str = "hub";

/// A hub that is opened and not yet listened to.
pub(crate) struct Serving {
    service: Arc<Service>,
    alerts: Arc<AlertDesk>,
    scheduler: Scheduler,
    desk: Desk,
    bi: Option<(BiServer, TcpListener)>,
    started: StartedRuns,
    restart: Arc<Notify>,
    first_admin: Option<FirstAdmin>,
}

/// How a hub ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Somebody asked the process to end.
    Asked,
    /// Its configuration changed.
    Reconfigured,
}

impl Serving {
    /// Opens the ledger, the models and everything that is kept.
    pub(crate) async fn open(hub: Hub, tokens: Tokens, folder: PathBuf) -> Result<Self> {
        let rules = scan_rules(&hub.config)?;
        let ledger = Ledger::open(&hub, Bounds::server(&hub.config.hub)).await?;
        let models = Models::load(&hub)?;
        let config = &hub.config.hub;
        let captcha = config.captcha.clone().map(Captcha::new).transpose()?;
        let oidc = match &config.oidc {
            Some(provider) => {
                let secret = config.oidc_secret.as_ref().map(|SecretText(text)| Secret::new(text));
                Some(OidcClient::new(provider.clone(), secret).context("preparing [oidc]")?)
            }
            None => None,
        };
        let store = Arc::new(hub.metadata.clone());
        let access = Arc::new(open_access(&hub)?);
        let password = config.first_password.as_ref().map(|SecretText(text)| Secret::new(text));
        let first_admin = access.bootstrap(password).await?;
        let alerts = Arc::new(AlertDesk::new(
            Arc::clone(&hub.config.alerts),
            store.clone(),
            Arc::new(Network::new()?),
            Arc::new(SystemClock),
            Arc::new(Enclosing(Arc::clone(&hub.regions))),
        ));
        let jobs = hub.config.jobs.clone();
        let service = Service::new(hub, ledger, models, rules, tokens, captcha, folder.clone());
        let service = Arc::new(service);
        let ages = service.hub.metadata.clone();
        let parts = SchedulerParts {
            clock: Arc::new(MachineClock),
            store: store.clone(),
            leases: store,
            work: Arc::new(JobWork { service: Arc::clone(&service), alerts: Arc::clone(&alerts) }),
            signals: Arc::new(JobSignals(Arc::clone(&alerts))),
            ages: Some(Arc::new(ages)),
        };
        let (scheduler, jobs): (Scheduler, JobDesk) =
            Scheduler::new(parts, SchedulerOptions::named(OWNER), jobs);
        let restart = Arc::new(Notify::new());
        let started = StartedRuns::default();
        let desk = Desk::new(Parts {
            service: Arc::clone(&service),
            access,
            oidc,
            jobs,
            alerts: Arc::clone(&alerts),
            folder,
            started: started.clone(),
            restart: Arc::clone(&restart),
        });
        // The documents of the last build serve until the next one; a new lake has none.
        if let Err(error) = service.learn().await {
            tracing::warn!(error = %format!("{error:#}"), "no documents yet");
        }
        let bi = open_bi(service.hub.config.hub.bi.as_ref(), &desk).await?;
        Ok(Self { service, alerts, scheduler, desk, bi, started, restart, first_admin })
    }

    /// Where BI tools come in, if they do.
    pub(crate) fn bi_address(&self) -> Option<SocketAddr> {
        self.bi.as_ref().and_then(|(_, listener)| listener.local_addr().ok())
    }

    /// What it has open, to be asked after it ran.
    pub(crate) fn held(&self) -> Held {
        Held {
            service: Arc::downgrade(&self.service),
            lake: Arc::downgrade(&self.service.hub.lake),
            index: Arc::downgrade(self.service.ledger.index()),
        }
    }

    /// The first administrator, if one was made now.
    pub(crate) fn first_admin(&self) -> Option<&FirstAdmin> {
        self.first_admin.as_ref()
    }

    /// Answers until `ending` or until the configuration changes, then lets what runs come to an end.
    pub(crate) async fn run(
        self,
        listener: TcpListener,
        ending: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Ended> {
        let Self { service, alerts, scheduler, desk, bi, started, restart, .. } = self;
        let config = service.hub.config.hub.serve.clone();
        let (stop, stopped) = watch::channel(false);
        let (landed, flush) = (Arc::clone(&service), (config.flush, stopped.clone()));
        let landing =
            tokio::spawn(async move { landed.ledger.keep_landing(flush.0, flush.1).await });
        let building = tokio::spawn(rebuild(
            Arc::clone(&service),
            Arc::clone(&alerts),
            build_every(&service.hub.config),
            stopped.clone(),
        ));
        let telling = tokio::spawn(deliver(Arc::clone(&service), alerts, stopped.clone()));
        let bi = bi.map(|(bi, listener)| tokio::spawn(bi.run(listener, stopped.clone())));
        let (warmed, until) = (desk.clone(), stopped.clone());
        let warming = tokio::spawn(async move { warmed.keep_warm(until).await });
        let shutdown = CancellationToken::new();
        let scheduling = tokio::spawn(scheduler.run(shutdown.clone(), ENDING));
        let api = Arc::new(Api::new(desk.ports(), options(&config), Arc::new(web::Web)));
        let app = router(Arc::clone(&service), Arc::clone(&api))
            .merge(metrics::router(Arc::clone(&service)))
            .layer(middleware::from_fn_with_state(service.hub.metrics.clone(), observe));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let (told, telling_end) = tokio::sync::oneshot::channel();
        let closing = Arc::clone(&api);
        let ends = async move {
            let ended = tokio::select! {
                () = ending => Ended::Asked,
                () = restart.notified() => Ended::Reconfigured,
            };
            closing.close();
            // Nobody hears it only if the server has failed.
            let _ = told.send(ended);
        };
        let served = axum::serve(listener, app).with_graceful_shutdown(ends).await;
        shutdown.cancel();
        // Nobody is left to hear it only if every task has ended.
        let _ = stop.send(true);
        let (scheduling, ()) = tokio::join!(scheduling, started.end(ENDING));
        scheduling.context("ending the jobs")?;
        building.await.context("ending the builds")?;
        telling.await.context("ending the alerts")?;
        warming.await.context("ending the reading of tables")?;
        if let Some(bi) = bi {
            bi.await.context("ending the BI endpoint")??;
        }
        landing.await.context("ending the landings")?;
        served.context("serving")?;
        service.ledger.land().await?;
        Ok(telling_end.await.unwrap_or(Ended::Asked))
    }
}

/// The endpoint of BI tools, listened to so that what is wrong with its address is told at once.
async fn open_bi(
    config: Option<&BiConfig>,
    desk: &Desk,
) -> Result<Option<(BiServer, TcpListener)>> {
    let Some(config) = config else { return Ok(None) };
    let tls =
        config.tls.as_ref().map(|(certificate, key)| acceptor(certificate, key)).transpose()?;
    let listener = TcpListener::bind(config.address).await;
    let listener =
        listener.with_context(|| format!("listening for BI tools at {}", config.address))?;
    Ok(Some((BiServer::new(Arc::new(desk.clone()), tls, config.bounds), listener)))
}

fn options(config: &ServeConfig) -> Options {
    Options {
        is_tls: config.is_https,
        is_behind_proxy: config.is_behind_proxy,
        ..Options::default()
    }
}

/// Who may come in, as the hub's metadata holds it.
pub(crate) fn open_access(hub: &Hub) -> Result<Access> {
    let stores = Stores::all_in(Arc::new(hub.metadata.clone()));
    let hasher = PasswordHasher::new()?;
    Ok(Access::new(stores, Arc::new(MachineClock), hasher, AccessRules::default()))
}

/// How often models are built by themselves: not at all where a job builds them.
fn build_every(config: &Config) -> Duration {
    let builds = |job: &Arc<JobSpec>| {
        job.is_enabled && matches!(&job.kind, JobKind::Build { models } if models.is_empty())
    };
    if config.jobs.jobs.iter().any(builds) { Duration::ZERO } else { config.hub.serve.build_every }
}

/// Builds the models at every interval and learns the documents anew; none if it is zero.
async fn rebuild(
    service: Arc<Service>,
    alerts: Arc<AlertDesk>,
    every: Duration,
    mut stopped: watch::Receiver<bool>,
) {
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
        let built = async {
            let cause = Cause { trigger: Some("schedule"), job: None };
            service.bring_up_to_date(cause).await?;
            after_build(&service, &alerts).await
        };
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

/// Sends what waits and escalates what nobody took.
async fn deliver(
    service: Arc<Service>,
    alerts: Arc<AlertDesk>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut disk = DiskWatch::over(&service.hub.config.hub.data);
    let mut due = tokio::time::interval(ALERTS_EVERY);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            _ = stopped.changed() => return,
        }
        disk.look(&alerts).await;
        match alerts.tick().await {
            Ok(reports) => {
                for (channel, report) in reports {
                    for (outcome, deliveries) in [
                        ("sent", report.sent),
                        ("failed", report.failed),
                        ("given_up", report.given_up),
                    ] {
                        let deliveries = deliveries as u64;
                        service.hub.metrics.alert_deliveries(&channel, outcome, deliveries);
                    }
                }
            }
            Err(error) => tracing::error!(%error, "sending alerts"),
        }
    }
}
